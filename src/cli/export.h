// `parsimony export DIR`.
#pragma once
#include <optional>
#include <string>

#include "app/options.h"
#include "cli/command_line.h"

namespace parsimony {

// The work: on the data of `options` directly, or through the server at `server`. Returns the exit code.
int run_export(const Options& options, const std::string& folder, const std::optional<std::string>& server);

int export_command(const CommandLine& line);

}  // namespace parsimony
