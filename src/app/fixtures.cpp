#include "app/fixtures.h"

#include "services/transfer/import.h"

namespace parsimony {

void import_fixtures(Store& store, const std::filesystem::path& folder, std::vector<std::string>& notes) {
  ImportOptions options;
  options.only_when_changed = true;
  const ImportReport report = import_paths(store, {folder}, options);
  for (const std::string& warning : report.warnings) notes.push_back(warning);
  for (const auto& [name, counts] : report.classes) {
    if (counts.added + counts.changed > 0) {
      notes.push_back("fixtures: " + std::to_string(counts.added) + " objects of " + name + " added, " + std::to_string(counts.changed) +
                      " changed");
    }
  }
}

}  // namespace parsimony
