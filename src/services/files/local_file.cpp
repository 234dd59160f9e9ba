#include "services/files/local_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace parsimony {
namespace {

class OpenFile : public StoredFile {
 public:
  OpenFile(int fd, const struct stat& status) : fd_(fd), status_(status) {}
  ~OpenFile() override { ::close(fd_); }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  std::uint64_t size() const override { return static_cast<std::uint64_t>(status_.st_size); }

  std::string version() const override {
    return std::to_string(status_.st_mtim.tv_sec) + "x" + std::to_string(status_.st_mtim.tv_nsec) + "x" + std::to_string(size());
  }

  std::string read(std::uint64_t offset, std::uint64_t length) const override {
    std::string content(length, '\0');
    for (std::size_t done = 0; done < length;) {
      const ssize_t n = ::pread(fd_, content.data() + done, length - done, static_cast<off_t>(offset + done));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) throw std::runtime_error(std::string("cannot read a stored file: ") + (n < 0 ? std::strerror(errno) : "it is too short"));
      done += static_cast<std::size_t>(n);
    }
    return content;
  }

 private:
  const int fd_;
  const struct stat status_;
};

}  // namespace

std::unique_ptr<StoredFile> open_local_file(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0) return nullptr;
  struct stat status {};
  if (::fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) return std::make_unique<OpenFile>(fd, status);
  ::close(fd);
  return nullptr;
}

}  // namespace parsimony
