// Lines of the log for clients and for people.
#pragma once
#include <string>

#include "common/log.h"
#include "types/json.h"

namespace parsimony {

// {"level","message","timestamp",...} with the fields beside them, as Parse Server has it.
Json encode_log_line(const log::Line& line);

// "2026-01-31T12:00:00.000Z info  message name="value"". Control characters are shown, not sent to the terminal.
std::string text_of_log_line(const log::Line& line);

}  // namespace parsimony
