// `parsimony logs`: prints the log of a server, running or stopped.
#pragma once
#include "cli/command_line.h"

namespace parsimony {

int logs_command(const CommandLine& line);

}  // namespace parsimony
