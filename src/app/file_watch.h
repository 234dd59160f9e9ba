// Tells when JSON files that a person edits may have changed.
//
// The kernel's notices (inotify) about the folders of the files say when to look; what counts is which files are there and what their
// inode, size and time are. So it is the same whether an editor writes a file in place, renames a new one over it or makes the
// folder anew. Notices that come close together are one.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <thread>
#include <tuple>
#include <vector>

namespace parsimony {

class FileWatch {
 public:
  // A path is a file, or a folder, which stands for the *.json, *.ndjson and *.jsonl files in it; it need not be there yet.
  // `look` is called on a thread of the watch: once when it begins, so that what changed while the program started is not missed,
  // and after each change. It must not throw. Throws std::runtime_error when the system refuses to watch.
  FileWatch(std::vector<std::filesystem::path> paths, std::function<void()> look);
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
  using Stamp = std::tuple<std::uint64_t, std::int64_t, std::int64_t, std::int64_t>;  // inode, size, seconds and nanoseconds

  void run();
  bool wait_for_notices();
  bool wait(int timeout_ms, bool& has_notice);
  bool read_notices();
  bool watch_folders();
  bool watch_folder(const std::filesystem::path& folder);
  std::map<std::filesystem::path, Stamp> stamps() const;

  const std::vector<std::filesystem::path> paths_;
  const std::function<void()> look_;
  const Descriptor notices_;                      // inotify
  const Descriptor stop_;                         // eventfd
  std::map<int, std::filesystem::path> folders_;  // by inotify's number; of the watch's thread, once it runs
  std::thread thread_;
};

}  // namespace parsimony
