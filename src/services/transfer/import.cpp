#include "services/transfer/import.h"

#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

#include "common/error.h"
#include "common/file_digest.h"
#include "services/definition_fault.h"
#include "services/definitions.h"
#include "services/transfer/import_error.h"
#include "services/transfer/import_files.h"
#include "services/transfer/import_replace.h"
#include "services/transfer/object_import.h"
#include "services/transfer/relation_import.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRowsBetweenReports = 500;
const ImportWatcher kNobodyWatches;

// Under the name that its class or relation has, however the file spells it.
std::string note_name(const ImportFile& file) {
  const bool is_relation = file.kind == ImportFileKind::Relation;
  return "import:" + (is_relation ? relation_file_name(file.field, file.class_name) : file.path.filename().string());
}

struct ImportTask {
  ImportFile file;
  std::string digest;  // to be noted; empty: not asked for
};

std::vector<ImportTask> plan(Store& store, std::vector<ImportFile> files, const ImportOptions& options, ImportReport& report) {
  report.files = files.size();
  std::vector<ImportTask> tasks;
  for (ImportFile& file : files) tasks.push_back({std::move(file), {}});
  if (!options.only_when_changed) return tasks;
  for (ImportTask& task : tasks) task.digest = sha256_hex_of_file(task.file.path);
  store.read([&](Reads& reads) {
    report.files_skipped = std::erase_if(tasks, [&](const ImportTask& task) { return reads.note(note_name(task.file)) == task.digest; });
  });
  return tasks;
}

// Runs the tasks within one transaction.
class ImportRun {
 public:
  ImportRun(Transaction& transaction, const ImportOptions& options, const ImportWatcher& watch, ImportReport& report)
      : transaction_(transaction), options_(options), watch_(watch), report_(report), classes_(transaction) {}

  void run(const std::vector<ImportTask>& tasks) {
    for (const ImportTask& task : tasks) progress_.bytes_total += task.file.bytes;
    define(options_.definitions);
    for (const ImportTask& task : tasks) {
      import(task.file);
      bytes_before_ += task.file.bytes;
      progress_.bytes_done = bytes_before_;
      if (!task.digest.empty()) transaction_.set_note(note_name(task.file), task.digest);
    }
    if (options_.mode == ImportMode::Replace) remove_others(transaction_, kept_, report_);
    if (watch_) watch_(progress_);
  }

  Json take_rows() { return std::move(rows_); }

 private:
  void define(const std::vector<ClassSchema>& definitions) {
    if (definitions.empty()) return;
    std::vector<std::string> warnings = apply_definitions(transaction_, definitions);
    std::move(warnings.begin(), warnings.end(), std::back_inserter(report_.warnings));
  }

  void import(const ImportFile& file) {
    if (file.text) {
      std::istringstream in{std::string(*file.text)};
      return import(in, file);
    }
    std::ifstream in(file.path, std::ios::binary);
    if (!in) throw ImportError(file.path.string(), "cannot be read");
    import(in, file);
  }

  void import(std::istream& in, const ImportFile& file) {
    try {
      switch (file.kind) {
        case ImportFileKind::Definitions: return import_definitions(in, file);
        case ImportFileKind::Objects: return import_objects(in, file);
        case ImportFileKind::Relation: return import_relation(in, file);
      }
    } catch (const JsonSyntaxError& error) {
      throw ImportError(place_text(file.path, {error.line(), error.column()}), error.what());
    }
  }

  void import_definitions(std::istream& in, const ImportFile& file) {
    if (file.bytes > kMaxElementBytes) throw ImportError(file.path.string(), "too large for class definitions");
    try {
      define(parse_definitions(std::string(std::istreambuf_iterator<char>(in), {})));
    } catch (const DefinitionFault& fault) {
      throw ImportError(fault.place() ? place_text(file.path, *fault.place()) : file.path.string(), fault.what());
    } catch (const Error& error) {
      throw ImportError(file.path.string(), error.message());
    }
  }

  void import_objects(std::istream& in, const ImportFile& file) {
    ObjectImport objects(transaction_, classes_, file, options_, report_.classes[file.class_name]);
    auto* kept = options_.mode == ImportMode::Replace ? &kept_.objects[file.class_name] : nullptr;
    for_each_row(in, file, [&](JsonElement& element) {
      std::string id = objects.add(element);
      if (file.text) rows_.push_back({{"objectId", id}});
      if (kept) kept->insert(std::move(id));
      count_row(element);
    });
  }

  void import_relation(std::istream& in, const ImportFile& file) {
    RelationImport relation(transaction_, classes_, file, report_.relations[file.class_name + "." + file.field]);
    auto* kept = options_.mode == ImportMode::Replace ? &kept_.relations[{file.class_name, file.field}] : nullptr;
    for_each_row(in, file, [&](JsonElement& element) {
      const JoinRow row = relation.add(element);
      if (file.text) rows_.push_back({{"owningId", row.owning_id}, {"relatedId", row.related_id}});
      if (kept) kept->insert({row.owning_id, row.related_id});
      count_row(element);
    });
    relation.finish();
  }

  static void for_each_row(std::istream& in, const ImportFile& file, const std::function<void(JsonElement&)>& visit) {
    file.has_lines ? for_each_json_line(in, visit) : for_each_json_element(in, visit);
  }

  void count_row(const JsonElement& element) {
    progress_.bytes_done = bytes_before_ + element.end_offset();
    if (++progress_.rows % kRowsBetweenReports == 0 && watch_) watch_(progress_);
  }

  Transaction& transaction_;
  const ImportOptions& options_;
  const ImportWatcher& watch_;
  ImportReport& report_;
  ImportedClasses classes_;
  ImportProgress progress_;
  std::uintmax_t bytes_before_ = 0;
  KeptRows kept_;              // ImportMode::Replace
  Json rows_ = Json::array();  // of a text
};

}  // namespace

ImportReport import_paths(Store& store, const std::vector<fs::path>& paths, const ImportOptions& options, const ImportWatcher& watch) {
  ImportReport report;
  const std::vector<ImportTask> tasks = plan(store, find_import_files(paths), options, report);
  if (tasks.empty() && options.definitions.empty()) return report;
  store.write([&](Transaction& transaction) { ImportRun(transaction, options, watch, report).run(tasks); });
  return report;
}

TextImport import_text(Store& store, const std::string& file_name, std::string_view text, const ImportOptions& options) {
  ImportReport report;
  TextImport done;
  std::vector<ImportTask> tasks = {{describe_import(file_name), {}}};
  tasks[0].file.text = text;
  tasks[0].file.bytes = text.size();
  store.write([&](Transaction& transaction) {
    report = {};
    ImportRun run(transaction, options, kNobodyWatches, report);
    run.run(tasks);
    done.rows = run.take_rows();
  });
  for (const auto* group : {&report.classes, &report.relations}) {
    for (const auto& [name, counts] : *group) done.counts = counts;
  }
  return done;
}

}  // namespace parsimony
