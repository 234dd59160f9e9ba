// Class definitions in files (the option schema).
#pragma once
#include <filesystem>
#include <vector>

#include "services/definitions.h"

namespace parsimony {

// The files behind files and folders; of a folder its *.json files, by name.
std::vector<std::filesystem::path> definition_files(const std::vector<std::filesystem::path>& paths);

// Reads them. Throws std::runtime_error with file, line and reason.
std::vector<ClassSchema> read_definition_files(const std::vector<std::filesystem::path>& paths);

}  // namespace parsimony
