// deploy [DIR] and rollback [VERSION]: which Cloud Code a running server runs.
#pragma once
#include "cli/command_line.h"

namespace parsimony {

// Sends the code in a folder to a server, or with --list shows what has been sent. Returns the exit code.
int deploy_command(const CommandLine& line);

// Lets an earlier version serve, or with --to-config the code of the config; on a stopped data folder, from the next start on. Returns the
// exit code.
int rollback_command(const CommandLine& line);

}  // namespace parsimony
