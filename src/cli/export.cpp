#include "cli/export.h"

#include <filesystem>
#include <iostream>
#include <stdexcept>

#include "cli/data_store.h"
#include "cli/progress.h"
#include "cli/start.h"
#include "cli/text_table.h"
#include "services/transfer/export.h"

namespace parsimony {
namespace {

std::string table_of(const ExportReport& report) {
  std::vector<std::vector<std::string>> rows = {{"", "rows"}};
  for (const auto* group : {&report.classes, &report.relations}) {
    for (const auto& [name, count] : *group) rows.push_back({name, std::to_string(count)});
  }
  return text_table(rows);
}

}  // namespace

int run_export(const Options& options, const std::string& folder) {
  DataStore data(options, DataStore::Database::MustExist);
  ExportReport report;
  {
    Progress progress(options.silent);
    report = export_folder(data.store(), folder,
                           [&](const ExportReport& state) { progress.show(0, 0, std::to_string(state.rows()) + " rows"); });
  }
  if (!options.silent) std::cout << table_of(report) << "Written to " << folder << "\n" << std::flush;
  return 0;
}

int export_command(const CommandLine& line) { return run_export(options_of_command(line), line.arguments.front()); }

}  // namespace parsimony
