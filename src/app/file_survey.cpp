#include "app/file_survey.h"

#include <sys/stat.h>

#include <deque>

namespace parsimony {
namespace {

namespace fs = std::filesystem;

fs::path folder_of(const fs::path& path) {
  const fs::path plain = path.has_filename() ? path : path.parent_path();
  return plain.has_parent_path() ? plain.parent_path() : fs::path(".");
}

class Surveyor {
 public:
  explicit Surveyor(const std::function<void(const fs::path&)>& on_folder) : on_folder_(on_folder) {}

  void visit(const WatchedPath& watched) {
    announce(folder_of(watched.path));
    std::error_code error;
    if (fs::is_directory(watched.path, error)) {
      visit_folder(watched);
    } else {
      visit_file(watched.path);
    }
  }

  FileSurvey result() { return std::move(survey_); }

 private:
  void announce(const fs::path& folder) const {
    if (on_folder_) on_folder_(folder);
  }

  void visit_folder(const WatchedPath& watched) {
    files_ = 0;
    folders_ = 1;
    for (std::deque<fs::path> queue = {watched.path}; !queue.empty(); queue.pop_front()) {
      announce(queue.front());
      std::error_code error;
      for (const auto& entry : fs::directory_iterator(queue.front(), error)) visit_entry(watched, entry, queue);
    }
    if (folders_ > FileSurvey::kMaxFolders) warn(FileSurvey::kMaxFolders, "folders", watched.path);
    if (files_ > FileSurvey::kMaxFiles) warn(FileSurvey::kMaxFiles, "files", watched.path);
  }

  void visit_entry(const WatchedPath& watched, const fs::directory_entry& entry, std::deque<fs::path>& queue) {
    std::error_code ignored;
    if (entry.is_directory(ignored)) {
      if (!watched.enters || entry.is_symlink(ignored) || !watched.enters(entry.path())) return;
      if (++folders_ <= FileSurvey::kMaxFolders) queue.push_back(entry.path());
    } else if (watched.takes_file(entry.path()) && ++files_ <= FileSurvey::kMaxFiles) {
      visit_file(entry.path());
    }
  }

  // What a link means lies in another folder.
  void visit_file(const fs::path& file) {
    std::error_code error;
    if (fs::is_symlink(file, error)) announce(folder_of(fs::weakly_canonical(file, error)));
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) return;
    survey_.stamps[file] = {status.st_ino, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
  }

  void warn(std::size_t count, const char* what, const fs::path& folder) {
    survey_.warnings.push_back("only the first " + std::to_string(count) + " " + what + " in " + folder.string() + " are watched");
  }

  const std::function<void(const fs::path&)>& on_folder_;
  FileSurvey survey_;
  std::size_t files_ = 0;  // of the path that is visited, as the next
  std::size_t folders_ = 0;
};

}  // namespace

FileSurvey survey_files(const std::vector<WatchedPath>& paths, const std::function<void(const fs::path&)>& on_folder) {
  Surveyor surveyor(on_folder);
  for (const WatchedPath& watched : paths) surveyor.visit(watched);
  return surveyor.result();
}

}  // namespace parsimony
