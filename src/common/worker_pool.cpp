#include "common/worker_pool.h"

#include <pthread.h>
#include <semaphore.h>

#include <cerrno>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

namespace parsimony {
namespace {

// One thread. It sleeps on a semaphore of its own: whoever is woken then meets no other who was, and no lock that the waker holds.
class Worker {
 public:
  explicit Worker(WorkerPool::Impl& pool_in) : pool(pool_in) { ::sem_init(&wake_, 0, 0); }
  ~Worker() { ::sem_destroy(&wake_); }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void sleep() {
    while (::sem_wait(&wake_) != 0 && errno == EINTR) {
    }
  }
  void wake() { ::sem_post(&wake_); }

  WorkerPool::Impl& pool;
  pthread_t thread{};
  bool is_dismissed = false;  // woken to end, without a permit

 private:
  sem_t wake_;
};

thread_local Worker* this_worker = nullptr;
thread_local int scopes_of_thread = 0;

void wake(Worker* worker) {
  if (worker) worker->wake();
}

}  // namespace

// A permit is the right to run. It passes from hand to hand under the lock: to a worker that comes back from a wait, else to
// a thread that takes the next task; only when nobody wants it does `running_` fall. The receiver is woken after the lock is left.
class WorkerPool::Impl {
 public:
  explicit Impl(Limits limits) : limits_(limits) {}
  ~Impl();

  bool submit(std::function<void()> task);
  void begin_waiting();
  void end_waiting(Worker& self);

 private:
  static void* thread_main(void* self);
  void live(Worker& self);
  void take_one(std::unique_lock<std::mutex>& lock);
  Worker* pass_permit();
  Worker* idle_worker();
  Worker* new_worker();
  void dismiss_idle();
  bool is_done() const { return stopping_ && queue_.empty(); }
  bool full() const;
  std::size_t max_threads() const { return limits_.running + limits_.max_waiting; }

  const Limits limits_;
  std::mutex mutex_;  // guards all below
  std::deque<std::function<void()>> queue_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<Worker*> idle_;      // asleep without a permit; the last went to sleep last, and its caches are the warmest
  std::deque<Worker*> returning_;  // at the end of a WaitingScope, asleep until there is a permit
  std::size_t running_ = 0;        // permits in use, those on their way to a thread included
  std::size_t waiting_ = 0;        // workers inside a WaitingScope
  bool stopping_ = false;
};

WorkerPool::Impl::~Impl() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    if (is_done()) dismiss_idle();
  }
  for (std::size_t i = 0;; ++i) {
    pthread_t thread{};
    {
      std::lock_guard lock(mutex_);  // a worker that waits may still cause a thread to be created
      if (i == workers_.size()) return;
      thread = workers_[i]->thread;
    }
    pthread_join(thread, nullptr);
  }
}

bool WorkerPool::Impl::submit(std::function<void()> task) {
  Worker* next = nullptr;
  {
    std::lock_guard lock(mutex_);
    if (stopping_ || full()) return false;
    queue_.push_back(std::move(task));
    if (running_ == limits_.running) return true;
    next = idle_worker();
    if (next) {
      ++running_;
    } else if (workers_.empty()) {
      queue_.pop_back();
      return false;
    }  // else whoever runs or comes back takes it
  }
  wake(next);
  return true;
}

bool WorkerPool::Impl::full() const { return waiting_ == max_threads() || queue_.size() >= 4 * max_threads(); }

// To be woken with a permit. Null: there is none, and none can be had.
Worker* WorkerPool::Impl::idle_worker() {
  if (idle_.empty()) return new_worker();
  Worker* const worker = idle_.back();
  idle_.pop_back();
  return worker;
}

Worker* WorkerPool::Impl::new_worker() {
  if (workers_.size() == max_threads()) return nullptr;
  idle_.reserve(workers_.size() + 1);
  workers_.push_back(std::make_unique<Worker>(*this));
  Worker& worker = *workers_.back();
  pthread_attr_t attributes;
  bool created = pthread_attr_init(&attributes) == 0;
  if (created) {
    pthread_attr_setstacksize(&attributes, limits_.stack_bytes);
    created = pthread_create(&worker.thread, &attributes, &thread_main, &worker) == 0;
    pthread_attr_destroy(&attributes);
  }
  if (created) return &worker;
  workers_.pop_back();
  return nullptr;
}

void* WorkerPool::Impl::thread_main(void* self) {
  pthread_setname_np(pthread_self(), "worker");
  this_worker = static_cast<Worker*>(self);
  this_worker->pool.live(*this_worker);
  return nullptr;
}

void WorkerPool::Impl::live(Worker& self) {
  for (bool leaves = false; !leaves;) {
    self.sleep();
    if (self.is_dismissed) return;
    std::unique_lock lock(mutex_);
    while (returning_.empty() && !queue_.empty()) take_one(lock);
    Worker* const next = pass_permit();
    leaves = is_done();
    if (!leaves) idle_.push_back(&self);
    lock.unlock();
    wake(next);
  }
}

void WorkerPool::Impl::take_one(std::unique_lock<std::mutex>& lock) {
  std::function<void()> task = std::move(queue_.front());
  queue_.pop_front();
  if (is_done()) dismiss_idle();
  lock.unlock();
  task();
  task = nullptr;  // what it holds goes before the lock is taken
  lock.lock();
}

// Nothing is queued any more, nor will be.
void WorkerPool::Impl::dismiss_idle() {
  for (Worker* worker : idle_) {
    worker->is_dismissed = true;
    worker->wake();
  }
  idle_.clear();
}

// Returns whom to wake.
Worker* WorkerPool::Impl::pass_permit() {
  if (!returning_.empty()) {
    Worker* const worker = returning_.front();
    returning_.pop_front();
    --waiting_;
    return worker;
  }
  Worker* const worker = queue_.empty() ? nullptr : idle_worker();
  if (!worker) --running_;
  return worker;
}

void WorkerPool::Impl::begin_waiting() {
  Worker* next = nullptr;
  {
    std::lock_guard lock(mutex_);
    ++waiting_;
    next = pass_permit();
  }
  wake(next);
}

void WorkerPool::Impl::end_waiting(Worker& self) {
  {
    std::lock_guard lock(mutex_);
    if (running_ < limits_.running) {
      ++running_;
      --waiting_;
      return;
    }
    returning_.push_back(&self);
  }
  self.sleep();
}

WorkerPool::WorkerPool(Limits limits) : impl_(std::make_unique<Impl>(limits)) {}
WorkerPool::~WorkerPool() = default;
bool WorkerPool::submit(std::function<void()> task) { return impl_->submit(std::move(task)); }

WaitingScope::WaitingScope() : pool_(nullptr) {
  if (this_worker == nullptr || scopes_of_thread++ > 0) return;
  pool_ = &this_worker->pool;
  pool_->begin_waiting();
}

WaitingScope::~WaitingScope() {
  if (this_worker != nullptr) --scopes_of_thread;
  if (pool_ != nullptr) pool_->end_waiting(*this_worker);
}

}  // namespace parsimony
