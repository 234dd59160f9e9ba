// SIGINT and SIGTERM, taken by a thread of their own.
//
// While the program starts, either ends it at once: the database survives that, and a long import can be broken off. Once it
// serves, the first one makes wait() return and a SIGINT after it ends the program at once. SIGPIPE is ignored.
#pragma once
#include <atomic>
#include <semaphore>
#include <thread>

namespace parsimony {

class SignalWatch {
 public:
  // Make it before other threads, which inherit that the signals are blocked.
  SignalWatch();
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  void serving() { phase_ = Phase::serving; }
  // Returns at the first signal after serving().
  void wait() { stop_asked_.acquire(); }

 private:
  enum class Phase { starting, serving, stopping, over };

  void watch();

  std::atomic<Phase> phase_ = Phase::starting;
  std::binary_semaphore stop_asked_{0};
  std::thread thread_;
};

}  // namespace parsimony
