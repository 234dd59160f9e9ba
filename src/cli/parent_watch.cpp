#include "cli/parent_watch.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <stdexcept>
#include <string>

#include "common/log.h"

namespace parsimony {
namespace {

constexpr int kLookUpEveryMs = 200;
constexpr int kNone = -1;  // poll() passes over it

// A parent outside of this process's namespace has the id 0 and cannot be waited for.
int open_process(pid_t process) { return process > 0 ? static_cast<int>(::syscall(SYS_pidfd_open, process, 0)) : kNone; }

int open_event() {
  const int fd = ::eventfd(0, EFD_CLOEXEC);
  if (fd < 0) throw std::runtime_error(std::string("cannot watch the parent process: ") + std::strerror(errno));
  return fd;
}

int lifeline() {
  struct stat status {};
  return ::fstat(STDIN_FILENO, &status) == 0 && S_ISSOCK(status.st_mode) ? STDIN_FILENO : kNone;
}

}  // namespace

ParentWatch::ParentWatch() : parent_(::getppid()), parent_fd_(open_process(parent_)), end_fd_(open_event()) {
  thread_ = std::thread([this] { watch(); });
}

ParentWatch::~ParentWatch() {
  const std::uint64_t one = 1;
  while (::write(end_fd_, &one, sizeof one) < 0 && errno == EINTR) continue;
  thread_.join();
  ::close(end_fd_);
  if (parent_fd_ >= 0) ::close(parent_fd_);
}

bool ParentWatch::parent_has_gone() const { return ::getppid() != parent_; }

void ParentWatch::watch() const {
  pollfd ends[] = {{end_fd_, POLLIN, 0}, {parent_fd_, POLLIN, 0}, {lifeline(), POLLRDHUP, 0}};
  const int patience_ms = parent_fd_ < 0 && parent_ > 0 ? kLookUpEveryMs : -1;
  while (!parent_has_gone()) {
    const int ready = ::poll(ends, std::size(ends), patience_ms);
    if (ready > 0) break;
    if (ready < 0 && errno != EINTR) return;
  }
  if (ends[0].revents != 0) return;
  log::info(ends[2].revents != 0 ? "Standard input was closed at its other end; stopping" : "The parent process has ended; stopping");
  ::kill(::getpid(), SIGTERM);
}

}  // namespace parsimony
