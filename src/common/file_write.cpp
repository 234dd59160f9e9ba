#include "common/file_write.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>

#include "common/random.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& action, const fs::path& path) {
  throw std::runtime_error("cannot " + action + " " + path.string() + ": " + std::strerror(errno));
}

fs::path temporary_name(const fs::path& file) { return file.string() + "." + random_alphanumeric(8) + ".tmp"; }

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

void write_new(const fs::path& file, std::string_view content, unsigned mode, bool is_synced) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, static_cast<mode_t>(mode));
  if (fd < 0) fail("create", file);
  const bool written = write_all(fd, content) && (!is_synced || ::fsync(fd) == 0);
  if (::close(fd) == 0 && written) return;
  const int reason = errno;
  ::unlink(file.c_str());
  errno = reason;
  fail("write", file);
}

}  // namespace

void write_new_file(const fs::path& file, std::string_view content, unsigned mode) { write_new(file, content, mode, true); }

void write_new_file_unsynced(const fs::path& file, std::string_view content, unsigned mode) { write_new(file, content, mode, false); }

void sync_file_system(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) fail("open", folder);
  const bool is_synced = ::syncfs(fd) == 0;
  ::close(fd);
  if (!is_synced) fail("write to disk what lies in", folder);
}

void sync_folder(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;  // the file is there; only its name may be lost in a power cut
  ::fsync(fd);
  ::close(fd);
}

void replace_file(const fs::path& file, std::string_view content, unsigned mode) {
  const fs::path temporary = temporary_name(file);
  write_new_file(temporary, content, mode);
  if (::rename(temporary.c_str(), file.c_str()) == 0) return;
  const int reason = errno;
  ::unlink(temporary.c_str());
  errno = reason;
  fail("write", file);
}

bool create_private_file(const fs::path& file, std::string_view content) {
  // Filled under another name and then linked, so that a crash leaves no half-written file under the right one.
  const fs::path temporary = temporary_name(file);
  write_new_file(temporary, content, 0600);
  const bool created = ::link(temporary.c_str(), file.c_str()) == 0;
  const int reason = errno;
  ::unlink(temporary.c_str());
  sync_folder(file.has_parent_path() ? file.parent_path() : fs::path("."));
  errno = reason;
  if (!created && reason != EEXIST) fail("create", file);
  return created;
}

void create_private_folder(const fs::path& folder) {
  std::error_code error;
  if (fs::is_directory(folder, error)) return;
  if (folder.has_parent_path()) fs::create_directories(folder.parent_path(), error);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) fail("create the folder", folder);
  if (!fs::is_directory(folder, error)) throw std::runtime_error(folder.string() + " is no folder");
}

}  // namespace parsimony
