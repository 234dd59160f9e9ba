// `parsimony version`.
#pragma once
#include <string>

#include "cli/command_line.h"

namespace parsimony {

std::string version_text();
int run_version(const CommandLine& line);

}  // namespace parsimony
