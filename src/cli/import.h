// `parsimony import PATH…`.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "app/options.h"
#include "cli/command_line.h"

namespace parsimony {

// The work: on the data of `options` directly, or through the server at `server`. Returns the exit code.
int run_import(const Options& options, const std::vector<std::string>& paths, const std::optional<std::string>& server);

int import_command(const CommandLine& line);

}  // namespace parsimony
