// Writes the database as JSON files that an import reads: a backup, a move to another machine, a set of fixtures.
//
//   _SCHEMA.json                    the class definitions, so that types, permissions and empty classes survive
//   Product.json                    {"results":[...]}, an object a line, in the order of insertion
//   _Join꞉categories꞉Product.json   rows {owningId, relatedId}, by both ids; for each relation. The colons are U+A789
//
// Classes whose names begin with "_" are left out. Export, import into an empty database and export again give equal files.
#pragma once
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "storage/store.h"

namespace parsimony {

struct ExportReport {
  std::map<std::string, std::size_t> classes;    // objects of each
  std::map<std::string, std::size_t> relations;  // rows of each, by "Class.field"

  std::size_t rows() const;
};
using ExportWatcher = std::function<void(const ExportReport&)>;

// The folder is made when it is not there. It must be empty, or hold nothing but an earlier export, which is replaced: all files are
// written beside the old ones first and then take their names.
//
// Reads page by page: what clients change meanwhile may be in the files or not, object by object.
// Throws std::runtime_error with the path and what to do; then the earlier export is still there.
ExportReport export_folder(Store& store, const std::filesystem::path& folder, const ExportWatcher& watch = {});

}  // namespace parsimony
