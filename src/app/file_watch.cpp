#include "app/file_watch.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>

#include "common/log.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr int kForever = -1;
constexpr int kQuietMs = 20;                            // nothing comes for so long: the save is over
constexpr auto kLongestWait = std::chrono::seconds(1);  // for quiet
constexpr std::size_t kNoticeBytes = 16 * 1024;
// Not IN_MODIFY: half a file is no reason to look. A file that is made is looked at when its writer closes it.
constexpr std::uint32_t kKinds = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE | IN_DELETE_SELF | IN_MOVE_SELF;

bool is_being_written(const inotify_event& notice, const fs::path& folder) {
  if ((notice.mask & IN_CREATE) == 0 || (notice.mask & IN_ISDIR) != 0) return false;
  std::error_code error;
  return fs::is_regular_file(fs::symlink_status(folder / notice.name, error));
}

}  // namespace

FileWatch::Descriptor::Descriptor(int fd) : fd_(fd) {
  if (fd < 0) throw std::runtime_error(std::string("cannot watch files: ") + std::strerror(errno));
}
FileWatch::Descriptor::~Descriptor() { ::close(fd_); }

FileWatch::FileWatch(std::vector<WatchedPath> paths, std::function<void()> look, std::optional<FileStamps> seen)
    : paths_(std::move(paths)),
      look_(std::move(look)),
      seen_(std::move(seen)),
      notices_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)),
      stop_(::eventfd(0, EFD_CLOEXEC)) {
  survey();
  if (refused_) {
    throw std::runtime_error("cannot watch more folders: the user's processes watch as many as fs.inotify.max_user_watches allows");
  }
  thread_ = std::thread([this] { run(); });
}

FileWatch::~FileWatch() {
  const std::uint64_t one = 1;
  while (::write(stop_, &one, sizeof one) < 0 && errno == EINTR) continue;
  thread_.join();
}

void FileWatch::run() {
  FileStamps seen = survey();
  if (seen_ != seen) look_();
  while (wait_for_notices()) {
    FileStamps now = survey();
    if (now == seen) continue;
    seen = std::move(now);
    look_();
  }
}

// Returns when notices have come and then none for a moment; false when the watch ends.
bool FileWatch::wait_for_notices() {
  bool has_notice = false;
  while (!has_notice) {
    if (!wait(kForever, has_notice)) return false;
  }
  const auto end = steady_clock::now() + kLongestWait;
  while (has_notice && steady_clock::now() < end) {
    if (!wait(kQuietMs, has_notice)) return false;
  }
  return true;
}

// False when the watch ends.
bool FileWatch::wait(int timeout_ms, bool& has_notice) {
  std::array<pollfd, 2> fds = {pollfd{notices_, POLLIN, 0}, pollfd{stop_, POLLIN, 0}};
  has_notice = false;
  if (::poll(fds.data(), fds.size(), timeout_ms) <= 0) return true;
  if (fds[1].revents != 0) return false;
  has_notice = read_notices();
  return true;
}

// Takes all that wait. Whether there is one that is worth a look.
bool FileWatch::read_notices() {
  bool is_worth_a_look = false;
  alignas(inotify_event) std::array<char, kNoticeBytes> buffer;
  for (ssize_t size = 0; (size = ::read(notices_, buffer.data(), buffer.size())) > 0;) {
    for (const char* at = buffer.data(); at < buffer.data() + size;) {
      const auto& notice = *reinterpret_cast<const inotify_event*>(at);
      at += sizeof notice + notice.len;
      const auto folder = folders_.find(notice.wd);
      is_worth_a_look |= folder == folders_.end() || notice.len == 0 || !is_being_written(notice, folder->second);
      if ((notice.mask & IN_IGNORED) != 0) folders_.erase(notice.wd);
    }
  }
  return is_worth_a_look;
}

// Each folder is watched before it is looked into, so that no change is missed. Watching one again changes nothing.
FileStamps FileWatch::survey() {
  FileSurvey survey = survey_files(paths_, [this](const fs::path& folder) { watch_folder(folder); });
  for (const std::string& warning : survey.warnings) warn(warning);
  return std::move(survey.stamps);
}

// One that is not there is watched when it comes, through the folder it lies in.
void FileWatch::watch_folder(const fs::path& folder) {
  const int number = ::inotify_add_watch(notices_, folder.c_str(), kKinds);
  if (number >= 0) {
    folders_[number] = folder;
  } else if (errno == ENOSPC) {
    refused_ = true;
    warn("the system allows to watch no more folders (fs.inotify.max_user_watches)");
  }
}

void FileWatch::warn(const std::string& what) {
  if (warned_.insert(what).second) log::warn(what);
}

}  // namespace parsimony
