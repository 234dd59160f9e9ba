// Where the data of one server lies, and that one process has it at a time.
//
//   databaseURI unset       <data>/parsimony.db   <data>/lock      <data>/keys.json
//   databaseURI FILE        FILE                  FILE.lock        <data>/keys.json, made only when keys are missing
//   databaseURI :memory:    a private folder in memory (EphemeralFolder); keys in the data folder only if one was named
//
// The log lies in logs.db beside the database, in FILE.logs beside a database FILE; option logsFolder names another folder for logs.db.
// Uploaded files lie in <data>/files, deployed Cloud Code in <data>/cloud, of a database in memory in its private folder; the folders come
// with the first file.
// Folders are made with mode 0700. A lock is an advisory lock (flock) on a file that holds {"pid":…,"url":…}; it ends with the
// process, however that ends.
#pragma once
#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "app/options.h"

namespace parsimony {

// Where data on disk lie, by the table above.
struct DataPaths {
  std::filesystem::path database;
  std::filesystem::path lock;
  std::filesystem::path keys;
  std::filesystem::path code;  // that was deployed
};
DataPaths data_paths(const Options& options);

struct LockHolder {
  pid_t pid = 0;       // 0: not written yet
  std::string url;     // empty: not serving yet, or no server
  std::string app_id;  // as the URL
};

// The data are in use by another process. The text says by whom and what to do.
class FolderInUse : public std::runtime_error {
 public:
  FolderInUse(const std::string& what_is_used, LockHolder holder);
  const LockHolder& holder() const { return holder_; }

 private:
  LockHolder holder_;
};

// Held from try_take to the end of the object, which removes the file.
class FileLock {
 public:
  // Nothing when another process (or another object of this one) has it. Throws std::runtime_error when the file cannot be made.
  static std::optional<FileLock> try_take(const std::filesystem::path& file);
  // Who holds the lock, if anybody does. Makes no file.
  static std::optional<LockHolder> find_holder(const std::filesystem::path& file);
  // What the holder wrote.
  static LockHolder read_holder(const std::filesystem::path& file);

  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

  // Writes who holds the lock, for those who ask.
  void announce(const std::string& url, const std::string& app_id);

 private:
  FileLock(std::filesystem::path file, int fd) : file_(std::move(file)), fd_(fd) {}

  std::filesystem::path file_;
  int fd_;  // -1: moved away
};

// A private folder in memory (/dev/shm, else the temporary folder), gone with the object. What a killed process left behind is
// removed by the next one that makes such a folder.
class EphemeralFolder {
 public:
  // `base` is where the folder is made. Throws std::runtime_error.
  explicit EphemeralFolder(const std::filesystem::path& base = default_base());
  ~EphemeralFolder();
  EphemeralFolder(const EphemeralFolder&) = delete;
  EphemeralFolder& operator=(const EphemeralFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  FileLock& lock() { return *lock_; }

  static std::filesystem::path default_base();

 private:
  std::filesystem::path path_;
  std::optional<FileLock> lock_;
};

// Where a server with these options keeps its log, for those who look at it; empty for a database in memory, whose log is its own.
std::filesystem::path log_file_of(const Options& options);

// The data of these options, locked. Lives as long as anything uses them.
class DataFolder {
 public:
  // Makes the folders, takes the lock and fills options.database_file, files_folder, code_folder and log_file. Throws FolderInUse,
  // std::runtime_error.
  static DataFolder open(Options& options);

  // Where keys are kept. Its folder exists.
  const std::filesystem::path& key_file() const { return key_file_; }
  void announce(const std::string& url, const std::string& app_id);

 private:
  DataFolder() = default;
  void open_memory(Options& options);
  void take_lock(const std::filesystem::path& lock_file, const std::filesystem::path& what_is_used);

  std::unique_ptr<EphemeralFolder> memory_;
  std::optional<FileLock> lock_;
  std::filesystem::path key_file_;
};

}  // namespace parsimony
