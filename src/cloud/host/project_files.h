// The files that Cloud Code may read: those of its own project.
//
// The project's folder is the nearest one above the main file that holds a package.json, else the main file's own. Symbolic links are
// followed, and what they lead to must lie in that folder as well. It may also be said outright which folder it is.
#pragma once
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace parsimony {

class ProjectFiles {
 public:
  static constexpr std::size_t kMaxFileBytes = std::size_t{32} << 20;

  enum class Kind { None, File, Directory };

  // Of a main file that need not exist; paths are absolute.
  explicit ProjectFiles(const std::filesystem::path& main);
  static ProjectFiles of_folder(const std::filesystem::path& folder);

  const std::filesystem::path& folder() const { return folder_; }

  // What lies outside of the folder is None.
  Kind kind(const std::string& path) const;
  // Throws std::runtime_error.
  std::string read(const std::string& path) const;

 private:
  ProjectFiles() = default;
  std::optional<std::filesystem::path> resolve(const std::string& path) const;

  std::filesystem::path folder_;  // resolved
};

}  // namespace parsimony
