#include "app/definition_files.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "services/definition_fault.h"
#include "services/transfer/import_error.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_of(const fs::path& path) {
  if (!fs::is_directory(path)) return {path};
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(path)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string read_text(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) throw std::runtime_error(file.string() + ": cannot be read; name class definitions that exist with --schema");
  return std::move(text).str();
}

std::vector<ClassSchema> read_file(const fs::path& file) {
  try {
    return parse_definitions(read_text(file));
  } catch (const JsonSyntaxError& error) {
    throw ImportError(place_text(file, {error.line(), error.column()}), error.what());
  } catch (const DefinitionFault& fault) {
    throw ImportError(fault.place() ? place_text(file, *fault.place()) : file.string(), fault.what());
  }
}

}  // namespace

std::vector<fs::path> definition_files(const std::vector<fs::path>& paths) {
  std::vector<fs::path> files;
  for (const fs::path& path : paths) {
    for (fs::path& file : files_of(path)) files.push_back(std::move(file));
  }
  return files;
}

std::vector<ClassSchema> read_definition_files(const std::vector<fs::path>& paths) {
  std::vector<ClassSchema> definitions;
  for (const fs::path& file : definition_files(paths)) {
    for (ClassSchema& definition : read_file(file)) definitions.push_back(std::move(definition));
  }
  return definitions;
}

}  // namespace parsimony
