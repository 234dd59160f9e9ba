// `parsimony serve`: starts the server, says where it is, and runs until SIGTERM or SIGINT.
#pragma once
#include <string>

#include "app/app.h"
#include "app/options.h"
#include "cli/command_line.h"

namespace parsimony {

// What the person who starts the server is told: aligned lines, or one line of JSON with logFormat json. Holds no key but the
// app id. `key_file` is empty when all keys were given.
std::string summary_text(const Options& options, const StartSummary& summary, const std::string& key_file);

int run_serve(const CommandLine& line);

}  // namespace parsimony
