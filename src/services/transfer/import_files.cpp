#include "services/transfer/import_files.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "services/transfer/import_error.h"
#include "types/class_schema.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kExtension = ".json";
constexpr std::string_view kJoin = "_Join";
constexpr std::string_view kColon = ":";
constexpr std::string_view kColonLetter = "\xEA\x9E\x89";  // U+A789

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool take_separator(std::string_view& text) { return take(text, kColon) || take(text, kColonLetter); }

struct RelationName {
  std::string field;
  std::string class_name;
};

// Of "_Join:field:Class", the field and the class.
std::optional<RelationName> read_relation_name(std::string_view stem) {
  if (!take(stem, kJoin) || !take_separator(stem)) return std::nullopt;
  const auto end = std::min(stem.find(kColon), stem.find(kColonLetter));
  if (end == std::string_view::npos) return std::nullopt;
  const std::string field(stem.substr(0, end));
  stem.remove_prefix(end);
  take_separator(stem);
  return RelationName{field, std::string(stem)};
}

void require_importable_class(const fs::path& path, const std::string& class_name) {
  const bool is_importable = class_name == "_User" || class_name == "_Role";
  if (class_name.starts_with('_') && !is_importable) {
    throw ImportError(path.string(), "objects of " + class_name +
                                         " cannot be imported (of the classes whose names begin with \"_\" only _User and _Role can); "
                                         "leave this file out");
  }
  if (!is_valid_class_name(class_name) || class_name.size() > kMaxNameLength) {
    throw ImportError(path.string(), "a file is named after its class, and \"" + class_name +
                                         "\" can be no class (a letter, then letters, digits and \"_\"); rename the file or leave it out");
  }
}

ImportFile describe_file(const fs::path& path) {
  ImportFile file = describe_import(path);
  file.bytes = fs::file_size(path);
  return file;
}

void add_folder(const fs::path& folder, std::vector<fs::path>& files) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_regular_file() && is_import_file(entry.path())) files.push_back(entry.path());
  }
}

std::vector<fs::path> list_files(const std::vector<fs::path>& paths) {
  std::vector<fs::path> files;
  for (const fs::path& path : paths) {
    if (fs::is_directory(path)) {
      add_folder(path, files);
    } else if (fs::is_regular_file(path)) {
      if (!is_import_file(path)) throw ImportError(path.string(), "only files whose names end in .json, .ndjson or .jsonl can be imported");
      files.push_back(path);
    } else {
      throw ImportError(path.string(), fs::exists(path) ? "neither a file nor a folder" : "no such file or folder");
    }
  }
  return files;
}

}  // namespace

bool has_lines(const fs::path& path) { return path.extension() == ".ndjson" || path.extension() == ".jsonl"; }
bool is_import_file(const fs::path& path) { return path.extension() == kExtension || has_lines(path); }

ImportFile describe_import(const fs::path& path) {
  ImportFile file;
  file.path = path;
  file.kind = ImportFileKind::Objects;
  file.class_name = path.stem().string();
  file.has_lines = has_lines(path);
  if (path.filename() == kDefinitionsFileName) {
    file.kind = ImportFileKind::Definitions;
    return file;
  }
  if (const auto relation = read_relation_name(file.class_name)) {
    file.kind = ImportFileKind::Relation;
    file.class_name = relation->class_name;
    file.field = relation->field;
    if (!is_valid_field_name(file.field)) throw ImportError(path.string(), "\"" + file.field + "\" can be no field of a class");
  }
  require_importable_class(path, file.class_name);
  return file;
}

std::string relation_file_name(const std::string& field, const std::string& class_name) {
  std::string name(kJoin);
  name.append(kColonLetter).append(field).append(kColonLetter).append(class_name).append(kExtension);
  return name;
}

std::vector<ImportFile> find_import_files(const std::vector<fs::path>& paths) {
  std::vector<ImportFile> files;
  std::set<fs::path> seen;
  try {
    for (const fs::path& path : list_files(paths)) {
      if (seen.insert(fs::canonical(path)).second) files.push_back(describe_file(path));
    }
  } catch (const fs::filesystem_error& error) {
    throw ImportError(error.path1().string(), error.code().message());
  }
  std::sort(files.begin(), files.end(),
            [](const ImportFile& a, const ImportFile& b) { return std::tie(a.kind, a.path) < std::tie(b.kind, b.path); });
  return files;
}

}  // namespace parsimony
