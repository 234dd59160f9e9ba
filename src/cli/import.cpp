#include "cli/import.h"

#include <iostream>
#include <stdexcept>

#include "app/definition_files.h"
#include "cli/data_store.h"
#include "cli/progress.h"
#include "cli/start.h"
#include "cli/text_table.h"
#include "common/log.h"
#include "services/transfer/import.h"

namespace parsimony {
namespace {

ImportOptions import_options(const Options& options) {
  ImportOptions import;
  import.definitions = read_definition_files(options.schema_paths);
  for (const Json& json : options.schema_definitions) import.definitions.push_back(parse_definition(json, NewClass::Closed));
  import.mode = options.import_mode;
  import.object_id_size = static_cast<std::size_t>(options.object_id_size);
  return import;
}

std::string table_of(const ImportReport& report, ImportMode mode) {
  const bool shows_removed = mode == ImportMode::Replace;
  std::vector<std::vector<std::string>> rows = {{"", "rows", "new", "changed", "unchanged"}};
  if (shows_removed) rows[0].push_back("removed");
  for (const auto* group : {&report.classes, &report.relations}) {
    for (const auto& [name, counts] : *group) {
      rows.push_back({name, std::to_string(counts.rows()), std::to_string(counts.added), std::to_string(counts.changed),
                      std::to_string(counts.unchanged)});
      if (shows_removed) rows.back().push_back(std::to_string(counts.removed));
    }
  }
  return text_table(rows);
}

}  // namespace

int run_import(const Options& options, const std::vector<std::string>& paths) {
  DataStore data(options, DataStore::Database::MadeWhenMissing);
  ImportReport report;
  {
    Progress progress(options.silent);
    report = import_paths(data.store(), {paths.begin(), paths.end()}, import_options(options), [&](const ImportProgress& state) {
      progress.show(state.bytes_done, state.bytes_total, std::to_string(state.rows) + " rows");
    });
  }
  for (const std::string& warning : report.warnings) log::warn(warning);
  if (report.files == 0)
    throw std::runtime_error("there is no .json, .ndjson or .jsonl file to import; name files, or folders that hold some");
  if (!options.silent) std::cout << table_of(report, options.import_mode) << std::flush;
  return 0;
}

int import_command(const CommandLine& line) { return run_import(options_of_command(line), line.arguments); }

}  // namespace parsimony
