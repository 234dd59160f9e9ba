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

std::runtime_error ProjectFiles::absent(const char* what, const std::string& path) const {
  const std::string where = folders_.empty() ? std::string() : " in " + folders_.front().string();
  return std::runtime_error(std::string("There is no ") + what + " " + path + where + ".");
}

std::string ProjectFiles::read(const std::string& path) const {
  const std::optional<fs::path> resolved = resolve(path);
  std::error_code error;
  if (!resolved || !fs::is_regular_file(*resolved, error)) throw absent("file", path);
  if (fs::file_size(*resolved, error) > kMaxFileBytes || error) throw std::runtime_error("The file " + path + " is too large.");
  std::ifstream file(*resolved, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) throw std::runtime_error("The file " + path + " cannot be read.");
  return bytes;
}

// The folder is open and resolved, so only a link has to be followed to know where it leads.
ProjectFiles::Kind ProjectFiles::kind(const fs::directory_entry& entry) const {
  std::error_code error;
  if (entry.is_symlink(error)) return kind(entry.path().string());
  if (lies_in_any(entry.path(), closed_)) return Kind::None;
  if (entry.is_directory(error)) return Kind::Directory;
  return entry.is_regular_file(error) ? Kind::File : Kind::None;
}

std::vector<ProjectFiles::Entry> ProjectFiles::entries(const std::string& path) const {
  const std::optional<fs::path> resolved = resolve(path);
  std::error_code error;
  if (!resolved || !fs::is_directory(*resolved, error)) throw absent("folder", path);
  std::vector<Entry> found;
  std::size_t count = 0;
  fs::directory_iterator at(*resolved, error);
  for (; !error && at != fs::directory_iterator(); at.increment(error)) {
    if (++count > kMaxEntries)
      throw std::runtime_error("The folder " + path + " holds more than " + std::to_string(kMaxEntries) + " entries.");
    const Kind kind = this->kind(*at);
    std::error_code unknown;
    if (kind != Kind::None) found.push_back({at->path().filename().string(), kind, at->is_symlink(unknown)});
  }
  if (error) throw std::runtime_error("The folder " + path + " cannot be read.");
  std::sort(found.begin(), found.end(), [](const Entry& left, const Entry& right) { return left.name < right.name; });
  return found;
}

}  // namespace parsimony
