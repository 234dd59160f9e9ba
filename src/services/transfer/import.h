// Brings JSON files into the database: class definitions, objects, and the rows of relations.
//
//   Product.json                    objects of the class Product: {"results":[...]}, {"rows":[...]} or [...]
//   Product.ndjson, .jsonl          the same, an object a line
//   _Join:categories:Product.json   rows {owningId, relatedId} of Product's relation "categories"; U+A789 may stand for the colons
//   _SCHEMA.json                    class definitions, as an export writes them
//
// All files of one call are one transaction, and their order does not matter. Objects keep their ids, dates and ACLs. A row is the
// whole object: one that is in the database already is made equal to the file's, and is not touched when it is equal. Nothing is
// removed, unless ImportMode::Replace asks for it. Classes and fields that no definition names are made, with the types of the values; such
// a class is closed to all but the master key. Memory is bounded by the largest object, not by the file.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "storage/store.h"
#include "types/class_schema.h"

namespace parsimony {

enum class ImportMode {
  Upsert,  // what the files do not name stays
  Replace  // a class that has a file, and a relation that has one, hold exactly what is in their files when the import ends
};

struct ImportOptions {
  ImportMode mode = ImportMode::Upsert;
  // Applied before the files.
  std::vector<ClassSchema> definitions;
  // Passes over a file whose content is what it was when a file of that name was last imported with this option, so that a restart
  // neither undoes what clients changed since nor takes time.
  bool only_when_changed = false;
  std::size_t object_id_size = 10;  // of ids that are made
};

struct ImportProgress {
  std::uintmax_t bytes_done = 0;
  std::uintmax_t bytes_total = 0;
  std::size_t rows = 0;  // objects and join rows so far
};
using ImportWatcher = std::function<void(const ImportProgress&)>;

// What became of the rows of a class or a relation.
struct ImportCounts {
  std::size_t added = 0;
  std::size_t changed = 0;
  std::size_t unchanged = 0;
  std::size_t removed = 0;  // ImportMode::Replace

  std::size_t rows() const { return added + changed + unchanged; }  // of the files
};

struct ImportReport {
  std::map<std::string, ImportCounts> classes;
  std::map<std::string, ImportCounts> relations;  // by "Class.field"
  std::size_t files = 0;                          // that were found
  std::size_t files_skipped = 0;                  // by only_when_changed
  std::vector<std::string> warnings;              // one line each, for the user
};

// A path is a file or a folder, which stands for the *.json files in it. Runs on the store's writer; `watch` (which may be empty) is
// called there now and then, and once at the end.
// Throws ImportError (import_error.h); then nothing of it is stored.
ImportReport import_paths(Store& store, const std::vector<std::filesystem::path>& paths, const ImportOptions& options,
                          const ImportWatcher& watch = {});

// The import of one list, sent as text.
struct TextImport {
  ImportCounts counts;
  Json rows = Json::array();  // for each row, {"objectId"} or {"owningId","relatedId"}
};

// As a file of that name with this text would be imported. The file need not exist.
TextImport import_text(Store& store, const std::string& file_name, std::string_view text, const ImportOptions& options);

}  // namespace parsimony
