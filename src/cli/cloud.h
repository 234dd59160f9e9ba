// cloud test [DIR]: runs the tests of Cloud Code.
#pragma once
#include "cli/command_line.h"

namespace parsimony {

// Returns the exit code: 0 when every test has passed.
int cloud_command(const CommandLine& line);

}  // namespace parsimony
