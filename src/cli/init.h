// `parsimony init [DIR]`: lays out the folder of a project that `parsimony serve` runs there as it is.
#pragma once
#include <filesystem>
#include <iosfwd>

#include "cli/command_line.h"

namespace parsimony {

// Makes the folder where it is missing and writes the project's files; a file that is there is never touched. Says to `out` what became
// of each file and what to do next. Throws std::runtime_error when the folder or a file cannot be made.
void lay_out_project(const std::filesystem::path& folder, std::ostream& out);

int run_init(const CommandLine& line);

}  // namespace parsimony
