// `parsimony export DIR`.
#pragma once
#include <string>

#include "app/options.h"
#include "cli/command_line.h"

namespace parsimony {

// The work, on data that no server has. Returns the exit code.
int run_export(const Options& options, const std::string& folder);

int export_command(const CommandLine& line);

}  // namespace parsimony
