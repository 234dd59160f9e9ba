// Class definitions in files (the option schema).
#pragma once
#include <filesystem>
#include <vector>

#include "services/definitions.h"

namespace parsimony {

// Reads files and folders (their *.json files, by name). Throws std::runtime_error with file, line and reason.
std::vector<ClassSchema> read_definition_files(const std::vector<std::filesystem::path>& paths);

}  // namespace parsimony
