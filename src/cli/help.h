// `parsimony help`, `parsimony help COMMAND`, `parsimony help options`, and --help of every command.
#pragma once
#include <string>

#include "cli/command_line.h"

namespace parsimony {

std::string general_help();
std::string command_help(const CommandInfo& command);
// The text for one topic: a command, "options" or, when empty, the program. Throws OptionError for an unknown one.
std::string help_on(const std::string& topic);

int run_help(const CommandLine& line);

}  // namespace parsimony
