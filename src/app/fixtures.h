// Fixtures that a start imports.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "services/transfer/import.h"
#include "storage/store.h"

namespace parsimony {

// Imports the folder's files that changed since they were last imported.
// Throws std::runtime_error with file, line and reason; then nothing of them is stored.
ImportReport import_fixtures(Store& store, const std::filesystem::path& folder, ImportMode mode);

// What came in, a line each.
std::vector<std::string> notes_on_fixtures(const ImportReport& report);

}  // namespace parsimony
