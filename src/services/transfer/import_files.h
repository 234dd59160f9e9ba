// Which files an import reads, and what their names say about them.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parsimony {

// In the order in which they are imported.
enum class ImportFileKind { Definitions, Objects, Relation };

struct ImportFile {
  std::filesystem::path path;
  ImportFileKind kind;
  std::string class_name;  // Objects and Relation
  std::string field;       // Relation only
  std::uintmax_t bytes = 0;
  bool has_lines = false;                // an object a line, instead of a list
  std::optional<std::string_view> text;  // what there is instead of a file; then `path` is a name for messages
};

// What a file of that name would hold. Throws ImportError for a name that says no class that can be imported.
ImportFile describe_import(const std::filesystem::path& path);

inline constexpr const char* kDefinitionsFileName = "_SCHEMA.json";

// "_Join" + separator + field + separator + class + ".json". On disk the separator is U+A789, which looks like the colon that some file
// systems forbid.
std::string relation_file_name(const std::string& field, const std::string& class_name);

bool is_import_file(const std::filesystem::path& path);  // by its extension: .json, .ndjson, .jsonl
bool has_lines(const std::filesystem::path& path);       // .ndjson, .jsonl

// The files behind the paths, definitions first, then objects, then relations; within these by path. A file that is named twice comes
// once. Throws ImportError for a path that is not there and for a name that says no class that can be imported.
std::vector<ImportFile> find_import_files(const std::vector<std::filesystem::path>& paths);

}  // namespace parsimony
