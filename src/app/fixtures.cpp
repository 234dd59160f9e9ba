#include "app/fixtures.h"

namespace parsimony {

ImportReport import_fixtures(Store& store, const std::filesystem::path& folder, ImportMode mode) {
  ImportOptions options;
  options.mode = mode;
  options.only_when_changed = true;
  return import_paths(store, {folder}, options);
}

std::vector<std::string> notes_on_fixtures(const ImportReport& report) {
  std::vector<std::string> notes = report.warnings;
  for (const auto& [name, counts] : report.classes) {
    if (counts.added + counts.changed > 0) {
      notes.push_back("fixtures: " + std::to_string(counts.added) + " objects of " + name + " added, " + std::to_string(counts.changed) +
                      " changed");
    }
  }
  return notes;
}

}  // namespace parsimony
