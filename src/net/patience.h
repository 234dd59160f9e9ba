// How long to wait for the network, and who may end the waiting.
#pragma once
#include <atomic>
#include <chrono>

namespace parsimony::net {

using Clock = std::chrono::steady_clock;

// Ends a call from another thread. Thread-safe; must outlive the calls that it was given to.
class CancelFlag {
 public:
  CancelFlag();  // throws std::system_error when the process has no file descriptor left
  ~CancelFlag();
  CancelFlag(const CancelFlag&) = delete;
  CancelFlag& operator=(const CancelFlag&) = delete;

  void cancel() noexcept;  // for good
  bool is_cancelled() const { return cancelled_; }
  int descriptor() const { return descriptor_; }  // becomes readable

 private:
  const int descriptor_;
  std::atomic<bool> cancelled_{false};
};

struct Patience {
  Clock::time_point deadline;
  const CancelFlag* cancel = nullptr;

  // Waits until `descriptor` has one of the poll(2) `events`. Throws NetError TimedOut or Cancelled.
  void wait_for(int descriptor, short events) const;
  // Throws as wait_for when there is nothing left to wait for.
  void check() const;
  // The same with an earlier end.
  Patience at_most(Clock::duration time) const;
};

}  // namespace parsimony::net
