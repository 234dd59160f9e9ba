#include "cloud/host/project_files.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

namespace parsimony {
namespace {

namespace fs = std::filesystem;

fs::path project_folder(const fs::path& main) {
  const fs::path own = fs::weakly_canonical(main).parent_path();
  for (fs::path folder = own; folder.has_relative_path(); folder = folder.parent_path()) {
    std::error_code error;
    if (fs::is_regular_file(folder / "package.json", error)) return folder;
  }
  return own;
}

bool lies_in(const fs::path& path, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

}  // namespace

ProjectFiles::ProjectFiles(const fs::path& main, const std::vector<fs::path>& closed) : folder_(project_folder(main)) {
  for (const fs::path& path : closed) closed_.push_back(fs::weakly_canonical(path));
}

std::optional<fs::path> ProjectFiles::resolve(const std::string& path) const {
  std::error_code error;
  fs::path resolved = fs::canonical(path, error);
  if (error) return std::nullopt;
  if (!lies_in(resolved, folder_)) return std::nullopt;
  const bool is_closed = std::any_of(closed_.begin(), closed_.end(), [&](const fs::path& each) { return lies_in(resolved, each); });
  return is_closed ? std::nullopt : std::optional(std::move(resolved));
}

ProjectFiles::Kind ProjectFiles::kind(const std::string& path) const {
  const std::optional<fs::path> resolved = resolve(path);
  std::error_code error;
  if (!resolved) return Kind::None;
  if (fs::is_directory(*resolved, error)) return Kind::Directory;
  return fs::is_regular_file(*resolved, error) ? Kind::File : Kind::None;
}

std::string ProjectFiles::read(const std::string& path) const {
  const std::optional<fs::path> resolved = resolve(path);
  std::error_code error;
  if (!resolved || !fs::is_regular_file(*resolved, error)) {
    throw std::runtime_error("There is no file " + path + " in " + folder_.string() + ".");
  }
  if (fs::file_size(*resolved, error) > kMaxFileBytes || error) throw std::runtime_error("The file " + path + " is too large.");
  std::ifstream file(*resolved, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) throw std::runtime_error("The file " + path + " cannot be read.");
  return bytes;
}

}  // namespace parsimony
