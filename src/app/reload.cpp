#include "app/reload.h"

#include <functional>

#include "app/definition_files.h"
#include "app/fixtures.h"
#include "common/file_digest.h"
#include "common/log.h"
#include "services/transfer/import_files.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

// "3 added, 1 changed"; empty when the rows are as they were.
std::string text_of(const ImportCounts& counts) {
  std::vector<std::string> parts;
  const std::pair<std::size_t, const char*> kinds[] = {
      {counts.added, " added"}, {counts.changed, " changed"}, {counts.removed, " removed"}};
  for (const auto& [count, what] : kinds) {
    if (count > 0) parts.push_back(std::to_string(count) + what);
  }
  return joined(parts);
}

std::string text_of(const ImportReport& report) {
  std::string text;
  for (const auto* group : {&report.classes, &report.relations}) {
    for (const auto& [name, counts] : *group) {
      const std::string of_one = text_of(counts);
      if (!of_one.empty()) text += (text.empty() ? "" : "; ") + name + " " + of_one;
    }
  }
  return text.empty() ? "no row is different" : text;
}

constexpr const char* kClassesStay = "the classes stay as they are";
constexpr const char* kFixturesStay = "the fixtures stay as they are";

// Whether the step did something. What stops it goes to the log.
bool succeeds(const std::function<bool()>& step, const char* what_stays) {
  try {
    return step();
  } catch (const std::exception& error) {
    log::error(std::string(error.what()) + " (" + what_stays + ")");
    return false;
  }
}

void log_notes(const std::vector<std::string>& notes) {
  for (const std::string& note : notes) log::warn(note);
}

}  // namespace

std::vector<std::string> apply_definition_options(Store& store, const Options& options) {
  std::vector<ClassSchema> definitions = read_definition_files(options.schema_paths);
  for (const Json& json : options.schema_definitions) definitions.push_back(parse_definition(json, NewClass::Closed));
  std::vector<std::string> notes;
  if (definitions.empty()) return notes;
  const DefinitionOptions how{options.strict_schema, options.delete_extra_fields, options.recreate_modified_fields,
                              options.keep_unknown_indexes};
  store.write([&](Transaction& transaction) { notes = apply_definitions(transaction, definitions, how); });
  return notes;
}

Reload::Reload(Store& store, const Options& options) : store_(store), options_(options), seen_(digests_of_definitions()) {}

std::vector<WatchedPath> Reload::paths() const {
  std::vector<WatchedPath> paths;
  for (const fs::path& path : options_.schema_paths) paths.push_back({path, is_import_file});
  if (options_.fixtures) paths.push_back({*options_.fixtures, is_import_file});
  return paths;
}

bool Reload::run() {
  const bool has_classes = succeeds([this] { return reload_definitions(); }, kClassesStay);
  const bool has_rows = succeeds([this] { return reload_fixtures(); }, kFixturesStay);
  return has_classes || has_rows;
}

void Reload::renew() const {
  succeeds(
      [this] {
        log_notes(apply_definition_options(store_, options_));
        return true;
      },
      kClassesStay);
  succeeds([this] { return reload_fixtures(); }, kFixturesStay);
}

bool Reload::reload_definitions() {
  Digests now = digests_of_definitions();
  std::vector<std::string> changed;
  for (const auto& [file, digest] : now) {
    const auto before = seen_.find(file);
    if (before == seen_.end() || before->second != digest) changed.push_back(file.string());
  }
  seen_ = std::move(now);
  if (changed.empty()) return false;  // of files that are gone the classes stay
  log_notes(apply_definition_options(store_, options_));
  log::info("Reloaded class definitions: " + joined(changed));
  return true;
}

bool Reload::reload_fixtures() const {
  if (!options_.fixtures) return false;
  const ImportReport report = import_fixtures(store_, *options_.fixtures, options_.import_mode);
  if (report.files == report.files_skipped) return false;
  log_notes(report.warnings);
  log::info("Reloaded fixtures: " + text_of(report));
  return true;
}

Reload::Digests Reload::digests_of_definitions() const {
  Digests digests;
  for (const fs::path& file : definition_files(options_.schema_paths)) {
    try {
      digests[file] = sha256_hex_of_file(file);
    } catch (const std::runtime_error&) {
      digests[file] = "cannot be read";  // which reading it says
    }
  }
  return digests;
}

}  // namespace parsimony
