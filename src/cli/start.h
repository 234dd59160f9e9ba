// What every command that works on data does first.
#pragma once
#include "app/options.h"
#include "cli/command_line.h"

namespace parsimony {

// Reads the options and sets up the log; warnings go to the log. Throws OptionError.
Options options_of_command(const CommandLine& line);

// Logs what has been collected since, and forgets it.
void log_warnings(Options& options);

}  // namespace parsimony
