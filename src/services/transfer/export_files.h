// The files of an export on their way into their folder.
#pragma once
#include <filesystem>
#include <set>
#include <string>
#include <string_view>

namespace parsimony {

// One file, written under a temporary name.
class ExportFile {
 public:
  explicit ExportFile(const std::filesystem::path& path);
  ~ExportFile();
  ExportFile(const ExportFile&) = delete;
  ExportFile& operator=(const ExportFile&) = delete;

  // Throws std::runtime_error with the path.
  void write(std::string_view text);
  // Everything is on disk when this returns.
  void close();

 private:
  void flush();
  [[noreturn]] void fail() const;

  std::filesystem::path path_;
  std::string buffer_;
  int fd_;
};

// The folder, and the files that were written for it. What is not published is removed at the end.
class ExportFolder {
 public:
  // Makes the folder. Throws std::runtime_error when it holds anything but an export.
  explicit ExportFolder(std::filesystem::path folder);
  ~ExportFolder();
  ExportFolder(const ExportFolder&) = delete;
  ExportFolder& operator=(const ExportFolder&) = delete;

  // Where to write the file that will have this name.
  std::filesystem::path add(const std::string& name);
  // Gives all files their names and removes those of the earlier export that have no successor.
  void publish();

 private:
  std::filesystem::path temporary(const std::string& name) const;
  void remove_outdated() const;

  std::filesystem::path folder_;
  std::set<std::string> names_;
  bool is_published_ = false;
};

}  // namespace parsimony
