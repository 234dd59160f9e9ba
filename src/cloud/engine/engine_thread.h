// A thread that may run a JavaScript engine: with the deep stack that its parser wants, guard pages below it, and recovery from traps.
#pragma once
#include <pthread.h>

#include <cstddef>
#include <functional>

namespace parsimony {

class EngineThread {
 public:
  static constexpr std::size_t kStackBytes = std::size_t{32} << 20;  // addresses; memory is taken as it is used

  // `body` must not throw. Throws std::system_error when there is no thread to be had.
  explicit EngineThread(std::function<void()> body);
  ~EngineThread();  // waits for the body's end
  EngineThread(const EngineThread&) = delete;
  EngineThread& operator=(const EngineThread&) = delete;

 private:
  static void* main(void* self);
  void start();

  std::function<void()> body_;
  std::byte* stack_ = nullptr;  // the guard pages first
  pthread_t thread_{};
};

}  // namespace parsimony
