// Fixtures that a start imports.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "storage/store.h"

namespace parsimony {

// Imports the folder's files that changed since they were last imported, and notes what came in.
// Throws std::runtime_error with file, line and reason.
void import_fixtures(Store& store, const std::filesystem::path& folder, std::vector<std::string>& notes);

}  // namespace parsimony
