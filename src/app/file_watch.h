// Tells when files that a person edits may have changed.
//
// The kernel's notices (inotify) about the folders of the files say when to look; what counts is which files are there and what their
// inode, size and time are. So it is the same whether an editor writes a file in place, renames a new one over it or makes the
// folder anew. Notices that come close together are one.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "app/file_survey.h"

namespace parsimony {

class FileWatch {
 public:
  // `look` is called on a thread of the watch after each change, and once when it begins if the files differ from those that were
  // `seen` before, so that what changed while the program started is not missed. It must not throw. Throws std::runtime_error when the
  // system refuses to watch.
  FileWatch(std::vector<WatchedPath> paths, std::function<void()> look, std::optional<FileStamps> seen = std::nullopt);
  ~FileWatch();  // waits for a running `look`
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

 private:
  class Descriptor {
   public:
    explicit Descriptor(int fd);  // throws std::runtime_error for -1
    ~Descriptor();
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    operator int() const { return fd_; }

   private:
    int fd_;
  };
  void run();
  bool wait_for_notices();
  bool wait(int timeout_ms, bool& has_notice);
  bool read_notices();
  FileStamps survey();
  void watch_folder(const std::filesystem::path& folder);
  void warn(const std::string& what);

  const std::vector<WatchedPath> paths_;
  const std::function<void()> look_;
  const std::optional<FileStamps> seen_;
  const Descriptor notices_;                      // inotify
  const Descriptor stop_;                         // eventfd
  std::map<int, std::filesystem::path> folders_;  // by inotify's number; of the watch's thread, once it runs, as the next two
  std::set<std::string> warned_;
  bool refused_ = false;  // the system allows no more
  std::thread thread_;
};

}  // namespace parsimony
