#include "cli/parent_watch.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
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
constexpr int kForEver = -1;

int open_event() {
  const int fd = ::eventfd(0, EFD_CLOEXEC);
  if (fd < 0) throw std::runtime_error(std::string("cannot watch the parent process: ") + std::strerror(errno));
  return fd;
}

// 0 where standard input is no socket, or its maker belongs to a namespace that cannot be seen from here.
pid_t maker_of_standard_input() {
  ucred maker{};
  socklen_t length = sizeof maker;
  return ::getsockopt(STDIN_FILENO, SOL_SOCKET, SO_PEERCRED, &maker, &length) == 0 ? maker.pid : 0;
}

}  // namespace

// A parent outside of this process's namespace has the id 0 and cannot be waited for.
ParentWatch::Watched::Watched(pid_t process)
    : process_(process), fd_(process > 0 ? static_cast<int>(::syscall(SYS_pidfd_open, process, 0)) : -1) {}

ParentWatch::Watched::~Watched() {
  if (fd_ >= 0) ::close(fd_);
}

bool ParentWatch::Watched::has_gone() const {
  if (must_be_looked_up()) return ::kill(process_, 0) != 0 && errno == ESRCH;
  pollfd end{fd_, POLLIN, 0};
  return ::poll(&end, 1, 0) > 0;
}

ParentWatch::ParentWatch()
    : parent_(::getppid()), parent_process_(parent_), maker_of_input_(maker_of_standard_input()), end_fd_(open_event()) {
  thread_ = std::thread([this] { watch(); });
}

ParentWatch::~ParentWatch() {
  const std::uint64_t one = 1;
  while (::write(end_fd_, &one, sizeof one) < 0 && errno == EINTR) continue;
  thread_.join();
  ::close(end_fd_);
}

bool ParentWatch::anybody_has_gone() const { return ::getppid() != parent_ || parent_process_.has_gone() || maker_of_input_.has_gone(); }

void ParentWatch::watch() const {
  pollfd ends[] = {{end_fd_, POLLIN, 0}, {parent_process_.fd(), POLLIN, 0}, {maker_of_input_.fd(), POLLIN, 0}};
  const bool looks_up = parent_process_.must_be_looked_up() || maker_of_input_.must_be_looked_up();
  while (!anybody_has_gone()) {
    if (::poll(ends, std::size(ends), looks_up ? kLookUpEveryMs : kForEver) < 0 && errno != EINTR) return;
    if (ends[0].revents != 0) return;
  }
  log::info("The process that started this one has ended; stopping");
  ::kill(::getpid(), SIGTERM);
}

}  // namespace parsimony
