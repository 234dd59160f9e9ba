// Values of options: from text (command line, environment) and from JSON (config file) to one checked form.
//
// That form is JSON: text and paths as a string, numbers, true and false, lists as an array of strings.
#pragma once
#include <string>
#include <string_view>

#include "app/option_table.h"
#include "types/json.h"

namespace parsimony {

// Both throw OptionError when the value is not of the row's type. `where` says who gave it, for the message: "--port",
// "variable PORT", "config.json".
Json option_value_from_text(const OptionRow& row, std::string_view text, const std::string& where);
// Numbers and booleans may be written as text, as Parse Server allows.
Json option_value_from_json(const OptionRow& row, const Json& value, const std::string& where);

// As read_byte_size(). Throws OptionError.
std::uint64_t bytes_from_text(const std::string& option, const std::string& text);

}  // namespace parsimony
