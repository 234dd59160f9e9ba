// `parsimony import PATH…`.
#pragma once
#include <string>
#include <vector>

#include "app/options.h"
#include "cli/command_line.h"

namespace parsimony {

// The work, on data that no server has. Returns the exit code.
int run_import(const Options& options, const std::vector<std::string>& paths);

int import_command(const CommandLine& line);

}  // namespace parsimony
