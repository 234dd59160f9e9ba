// The files that Cloud Code may read: those of its own project, and of the projects of adapters.
//
// The project's folder is the nearest one above the main file that holds a package.json, else the main file's own. Symbolic links are
// followed, and what they lead to must lie in that folder as well; or the folder is named outright. What the server keeps for itself may
// lie there, too, and is not code: it is closed.
#pragma once
#include <cstddef>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace parsimony {

class ProjectFiles {
 public:
  static constexpr std::size_t kMaxFileBytes = std::size_t{32} << 20;
  static constexpr std::size_t kMaxEntries = 10'000;  // of one folder, those that are left out as well

  enum class Kind { None, File, Directory };

  struct Entry {
    std::string name;
    Kind kind;  // of what a link leads to
    bool is_link;
  };

  // `closed` are files and folders, with all in them. Nothing of these needs to exist.
  explicit ProjectFiles(const std::vector<std::filesystem::path>& folders, const std::vector<std::filesystem::path>& closed = {});

  // What lies outside of the folders or is closed is None.
  Kind kind(const std::string& path) const;
  // Throws std::runtime_error.
  std::string read(const std::string& path) const;
  // What a folder holds, by name, without what is None. Throws std::runtime_error.
  std::vector<Entry> entries(const std::string& path) const;

 private:
  std::optional<std::filesystem::path> resolve(const std::string& path) const;
  Kind kind(const std::filesystem::directory_entry& entry) const;
  std::runtime_error absent(const char* what, const std::string& path) const;

  std::vector<std::filesystem::path> folders_;  // resolved, as the next ones
  std::vector<std::filesystem::path> closed_;
};

// The folder of the project that the file belongs to.
std::filesystem::path project_folder_of(const std::filesystem::path& file);

}  // namespace parsimony
