// Threads that run requests, and the rule for those that must wait.
//
// At most `running` workers run at a time. A worker that is about to wait (for a commit, Cloud Code, a password hash, an
// outside call) opens a WaitingScope: it gives up its permit, so that another worker takes over, and takes one again when the
// scope ends, before any new task is begun. Threads are started on demand and live on; at most `running + max_waiting` exist.
// When all of them wait, or four tasks are queued for each of them, submit() refuses.
#pragma once
#include <cstddef>
#include <functional>
#include <memory>

namespace parsimony {

class WorkerPool {
 public:
  struct Limits {
    std::size_t running;            // workers that run at the same time
    std::size_t max_waiting = 256;  // workers that may wait besides
    std::size_t stack_bytes = 512 * 1024;
  };

  explicit WorkerPool(Limits limits);
  // Runs what was accepted, then joins all threads.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Thread-safe. False when every thread is taken by a worker that waits, so that the task would have to wait for a wait, and
  // when the queue is full; the caller answers "busy". Tasks must not throw.
  [[nodiscard]] bool submit(std::function<void()> task);

  class Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

// Opened by whoever is about to wait; does nothing on a thread that is no worker. Scopes may nest.
// Never open one while holding a reader connection, a savepoint or a mutex.
class WaitingScope {
 public:
  WaitingScope();
  ~WaitingScope();
  WaitingScope(const WaitingScope&) = delete;
  WaitingScope& operator=(const WaitingScope&) = delete;

 private:
  WorkerPool::Impl* pool_;
};

}  // namespace parsimony
