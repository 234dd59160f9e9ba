#include "net/patience.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <system_error>

#include "net/net_error.h"

namespace parsimony::net {
namespace {

int make_descriptor() {
  const int descriptor = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  return descriptor;
}

constexpr auto kLongestPoll = std::chrono::milliseconds(60'000);

// Rounded up, so that the deadline has passed when poll says so.
int milliseconds_until(Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  return static_cast<int>(std::clamp(left, std::chrono::milliseconds(0), kLongestPoll).count());
}

}  // namespace

CancelFlag::CancelFlag() : descriptor_(make_descriptor()) {}
CancelFlag::~CancelFlag() { ::close(descriptor_); }

void CancelFlag::cancel() noexcept {
  cancelled_ = true;
  const std::uint64_t one = 1;
  while (::write(descriptor_, &one, sizeof one) < 0 && errno == EINTR) continue;
}

void Patience::check() const {
  if (cancel && cancel->is_cancelled()) throw NetError(Fault::Cancelled, "the call was cancelled");
  if (Clock::now() >= deadline) throw NetError(Fault::TimedOut, "the time for it is over");
}

void Patience::wait_for(int descriptor, short events) const {
  pollfd watched[] = {{descriptor, events, 0}, {cancel ? cancel->descriptor() : -1, POLLIN, 0}};
  for (;;) {
    check();
    const int ready = ::poll(watched, 2, milliseconds_until(deadline));
    if (ready > 0 && watched[1].revents == 0) return;
  }
}

Patience Patience::at_most(Clock::duration time) const { return {std::min(deadline, Clock::now() + time), cancel}; }

}  // namespace parsimony::net
