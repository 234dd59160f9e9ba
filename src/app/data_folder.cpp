#include "app/data_folder.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include "app/keys.h"
#include "common/file_write.h"
#include "common/random.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDatabaseName = "parsimony.db";
constexpr const char* kLockName = "lock";
constexpr const char* kKeysName = "keys.json";
constexpr const char* kFilesName = "files";
constexpr const char* kCodeName = "cloud";
constexpr const char* kLogName = "logs.db";
constexpr std::string_view kEphemeralPrefix = "parsimony-";
constexpr std::string_view kUnfinished = ".new";  // an ephemeral folder whose lock is not held yet

std::string in_use_text(const std::string& what_is_used, const LockHolder& holder) {
  std::string text = what_is_used + " is in use by ";
  text += holder.url.empty() ? "another parsimony" : "the server at " + holder.url;
  if (holder.pid == 0) return text + "; stop it, or name another folder with --data";
  const std::string pid = std::to_string(holder.pid);
  return text + " (pid " + pid + "); stop it with: kill " + pid + ", or name another folder with --data";
}

// Whether `fd` is still the file under that name: the last holder may have removed it between open and lock.
bool is_current(int fd, const fs::path& file) {
  struct stat ours {};
  struct stat named {};
  return ::fstat(fd, &ours) == 0 && ::stat(file.c_str(), &named) == 0 && ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
}

bool is_alive(std::string_view pid_text) {
  pid_t pid = 0;
  std::from_chars(pid_text.data(), pid_text.data() + pid_text.size(), pid);
  return pid > 0 && (::kill(pid, 0) == 0 || errno != ESRCH);
}

bool is_own_folder(const fs::path& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == ::geteuid();
}

// Removes a folder that a process left behind, judged by its lock; one without a lock yet, by the pid in its name.
void remove_if_abandoned(const fs::path& folder) {
  const std::string name = folder.filename().string();
  if (!name.starts_with(kEphemeralPrefix) || !is_own_folder(folder)) return;
  std::error_code ignored;  // whoever comes next tries again
  if (name.ends_with(kUnfinished)) {
    if (!is_alive(std::string_view(name).substr(kEphemeralPrefix.size()))) fs::remove_all(folder, ignored);
    return;
  }
  if (!fs::exists(folder / kLockName)) return;
  if (const auto lock = FileLock::try_take(folder / kLockName)) fs::remove_all(folder, ignored);
}

void remove_abandoned(const fs::path& base) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(base, fs::directory_options::skip_permission_denied, error)) {
    try {
      remove_if_abandoned(entry.path());
    } catch (const std::exception&) {
      continue;  // another process removes it at the same time
    }
  }
}

}  // namespace

DataPaths data_paths(const Options& options) {
  const fs::path keys = options.data_folder / kKeysName;
  const fs::path code = options.data_folder / kCodeName;
  if (options.database_kind == DatabaseKind::file) return {options.database_file, options.database_file.string() + ".lock", keys, code};
  return {options.data_folder / kDatabaseName, options.data_folder / kLockName, keys, code};
}

FolderInUse::FolderInUse(const std::string& what_is_used, LockHolder holder)
    : std::runtime_error(in_use_text(what_is_used, holder)), holder_(std::move(holder)) {}

std::optional<FileLock> FileLock::try_take(const fs::path& file) {
  while (true) {
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) throw std::runtime_error("cannot open the lock " + file.string() + ": " + std::strerror(errno));
    FileLock lock(file, fd);
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
      lock.file_.clear();  // not ours to remove
      return std::nullopt;
    }
    if (is_current(fd, file)) return lock;
    lock.file_.clear();
  }
}

std::optional<LockHolder> FileLock::find_holder(const fs::path& file) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return std::nullopt;
  const bool is_held = ::flock(fd, LOCK_SH | LOCK_NB) != 0;
  ::close(fd);
  return is_held ? std::optional(read_holder(file)) : std::nullopt;
}

LockHolder FileLock::read_holder(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  try {
    const Json holder = parse_json(text);
    const Json* pid = find_member(holder, "pid");
    const auto text_of = [&](const char* name) {
      const std::string* found = find_string(holder, name);
      return found ? *found : std::string();
    };
    return {pid != nullptr && pid->is_number_integer() ? pid->get<pid_t>() : 0, text_of("url"), text_of("appId")};
  } catch (const JsonSyntaxError&) {
    return {};  // just being written
  }
}

FileLock::FileLock(FileLock&& other) noexcept : file_(std::move(other.file_)), fd_(std::exchange(other.fd_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(fd_, other.fd_);
  return *this;
}

FileLock::~FileLock() {
  if (fd_ < 0) return;
  if (!file_.empty() && is_current(fd_, file_)) ::unlink(file_.c_str());
  ::close(fd_);
}

void FileLock::announce(const std::string& url, const std::string& app_id) {
  const std::string text = to_json_text(Json{{"pid", ::getpid()}, {"url", url}, {"appId", app_id}}) + "\n";
  const bool written = ::ftruncate(fd_, 0) == 0 && ::pwrite(fd_, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
  if (!written) throw std::runtime_error("cannot write the lock " + file_.string() + ": " + std::strerror(errno));
}

EphemeralFolder::EphemeralFolder(const fs::path& base) {
  remove_abandoned(base);
  const std::string name = std::string(kEphemeralPrefix) + std::to_string(::getpid()) + "-" + random_alphanumeric(8);
  const fs::path unfinished = base / (name + std::string(kUnfinished));
  create_private_folder(unfinished);
  path_ = base / name;
  lock_ = FileLock::try_take(unfinished / kLockName);  // before it gets its name, so that nobody takes it for an abandoned one
  fs::rename(unfinished, path_);
  lock_->announce("", "");
}

EphemeralFolder::~EphemeralFolder() {
  std::error_code ignored;  // what stays is removed by the next start
  fs::remove_all(path_, ignored);
}

fs::path EphemeralFolder::default_base() {
  const fs::path memory = "/dev/shm";
  return ::access(memory.c_str(), W_OK | X_OK) == 0 ? memory : fs::temp_directory_path();
}

fs::path log_file_of(const Options& options) {
  if (options.log.folder) return *options.log.folder / kLogName;
  switch (options.database_kind) {
    case DatabaseKind::data_folder: return options.data_folder / kLogName;
    case DatabaseKind::file: return options.database_file.string() + ".logs";
    case DatabaseKind::memory: break;
  }
  return {};
}

DataFolder DataFolder::open(Options& options) {
  DataFolder folder;
  options.log_file = log_file_of(options);
  if (options.log.folder) create_private_folder(*options.log.folder);
  if (options.database_kind == DatabaseKind::memory) {
    folder.open_memory(options);
    return folder;
  }
  const DataPaths paths = data_paths(options);
  folder.key_file_ = paths.keys;
  options.files_folder = options.data_folder / kFilesName;
  options.code_folder = paths.code;
  const bool is_in_folder = options.database_kind == DatabaseKind::data_folder;
  if (is_in_folder || lacks_keys(options)) create_private_folder(options.data_folder);
  if (!is_in_folder && paths.database.has_parent_path()) create_private_folder(paths.database.parent_path());
  options.database_file = paths.database;
  folder.take_lock(paths.lock, is_in_folder ? options.data_folder : paths.database);
  return folder;
}

void DataFolder::open_memory(Options& options) {
  memory_ = std::make_unique<EphemeralFolder>();
  options.database_file = memory_->path() / kDatabaseName;
  options.files_folder = memory_->path() / kFilesName;
  options.code_folder = memory_->path() / kCodeName;
  if (options.log_file.empty()) options.log_file = memory_->path() / kLogName;
  const bool keeps_keys = options.sources.contains("data");
  if (keeps_keys && lacks_keys(options)) create_private_folder(options.data_folder);
  key_file_ = (keeps_keys ? options.data_folder : memory_->path()) / kKeysName;
}

void DataFolder::take_lock(const fs::path& lock_file, const fs::path& what_is_used) {
  lock_ = FileLock::try_take(lock_file);
  if (!lock_) throw FolderInUse(what_is_used.string(), FileLock::read_holder(lock_file));
  lock_->announce("", "");
}

void DataFolder::announce(const std::string& url, const std::string& app_id) { (memory_ ? memory_->lock() : *lock_).announce(url, app_id); }

}  // namespace parsimony
