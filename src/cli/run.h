// The command line from end to end.
#pragma once
#include <string>
#include <vector>

#include "cli/command_line.h"

namespace parsimony {

// Runs the command and returns the exit code: 0, 1 when it failed, 2 when the command line, a variable or the config file asks for
// what there is not. After a failure the last line on stderr says why and what to do.
int run_command_line(const std::vector<std::string>& words, Environment environment);

}  // namespace parsimony
