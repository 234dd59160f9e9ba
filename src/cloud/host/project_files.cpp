#include "cloud/host/project_files.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

namespace parsimony {

namespace fs = std::filesystem;

namespace {

bool lies_in(const fs::path& path, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

bool lies_in_any(const fs::path& path, const std::vector<fs::path>& folders) {
  return std::any_of(folders.begin(), folders.end(), [&](const fs::path& folder) { return lies_in(path, folder); });
}

}  // namespace

fs::path project_folder_of(const fs::path& file) {
  const fs::path own = fs::weakly_canonical(file).parent_path();
  for (fs::path folder = own; folder.has_relative_path(); folder = folder.parent_path()) {
    std::error_code error;
    if (fs::is_regular_file(folder / "package.json", error)) return folder;
  }
  return own;
}

ProjectFiles::ProjectFiles(const std::vector<fs::path>& folders, const std::vector<fs::path>& closed) {
  for (const fs::path& folder : folders) folders_.push_back(fs::weakly_canonical(folder));
  for (const fs::path& path : closed) closed_.push_back(fs::weakly_canonical(path));
}

std::optional<fs::path> ProjectFiles::resolve(const std::string& path) const {
  std::error_code error;
  fs::path resolved = fs::canonical(path, error);
  if (error) return std::nullopt;
  const bool is_open = lies_in_any(resolved, folders_) && !lies_in_any(resolved, closed_);
  return is_open ? std::optional(std::move(resolved)) : std::nullopt;
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
    const std::string where = folders_.empty() ? std::string() : " in " + folders_.front().string();
    throw std::runtime_error("There is no file " + path + where + ".");
  }
  if (fs::file_size(*resolved, error) > kMaxFileBytes || error) throw std::runtime_error("The file " + path + " is too large.");
  std::ifstream file(*resolved, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) throw std::runtime_error("The file " + path + " cannot be read.");
  return bytes;
}

}  // namespace parsimony
