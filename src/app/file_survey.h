// Which files are there, and what tells that one of them has changed.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace parsimony {

// A file, or a folder with files that count. Neither needs to be there yet.
struct WatchedPath {
  using Rule = std::function<bool(const std::filesystem::path&)>;

  std::filesystem::path path;
  Rule takes_file{};  // which files of a folder count
  Rule enters{};      // which folders below it belong to it; empty: none. Links to folders never do
};

using FileStamp = std::tuple<std::uint64_t, std::int64_t, std::int64_t, std::int64_t>;  // inode, size, seconds and nanoseconds
using FileStamps = std::map<std::filesystem::path, FileStamp>;

struct FileSurvey {
  // Of one path, nearest first; what is beyond is left out.
  static constexpr std::size_t kMaxFolders = 2'000;
  static constexpr std::size_t kMaxFiles = 20'000;

  FileStamps stamps;
  std::vector<std::string> warnings;  // about what was left out
};

// `on_folder` is called for each folder in which something may change, before it is looked into.
FileSurvey survey_files(const std::vector<WatchedPath>& paths, const std::function<void(const std::filesystem::path&)>& on_folder = {});

}  // namespace parsimony
