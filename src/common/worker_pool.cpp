#include "common/worker_pool.h"

#include <pthread.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

namespace parsimony {

// A permit is the right to run. It passes from hand to hand under the lock: to a worker that comes back from a wait, else to
// a thread that takes the next task; only when nobody wants it does `running_` fall.
class WorkerPool::Impl {
 public:
  explicit Impl(Limits limits) : limits_(limits) {}
  ~Impl();

  bool submit(std::function<void()> task);
  void begin_waiting();
  void end_waiting();

 private:
  static void* thread_main(void* self);
  void live();
  void run_tasks(std::unique_lock<std::mutex>& lock);
  void take_one(std::unique_lock<std::mutex>& lock);
  void release_permit();
  bool start_thread_on_queue();
  bool create_thread();
  bool full() const;
  std::size_t max_threads() const { return limits_.running + limits_.max_waiting; }

  const Limits limits_;
  std::mutex mutex_;  // guards all below
  std::condition_variable work_;
  std::condition_variable permit_;
  std::deque<std::function<void()>> queue_;
  std::vector<pthread_t> threads_;
  std::size_t running_ = 0;    // permits in use, those on their way to a thread included
  std::size_t waiting_ = 0;    // workers inside a WaitingScope
  std::size_t idle_ = 0;       // threads without a permit that nobody has woken yet
  std::size_t starts_ = 0;     // permits for woken threads that have not picked them up
  std::size_t returning_ = 0;  // workers at the end of a WaitingScope, without a permit
  std::size_t handed_ = 0;     // permits for those, not picked up
  bool stopping_ = false;
};

namespace {
thread_local WorkerPool::Impl* pool_of_thread = nullptr;
thread_local int scopes_of_thread = 0;
}  // namespace

WorkerPool::Impl::~Impl() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  for (std::size_t i = 0;; ++i) {
    pthread_t thread{};
    {
      std::lock_guard lock(mutex_);  // a worker that waits may still cause a thread to be created
      if (i == threads_.size()) return;
      thread = threads_[i];
    }
    pthread_join(thread, nullptr);
  }
}

bool WorkerPool::Impl::submit(std::function<void()> task) {
  {
    std::lock_guard lock(mutex_);
    if (stopping_ || full()) return false;
    queue_.push_back(std::move(task));
    if (running_ == limits_.running) return true;
    if (!start_thread_on_queue()) {
      if (!threads_.empty()) return true;  // whoever runs or comes back takes it
      queue_.pop_back();
      return false;
    }
    ++running_;
  }
  work_.notify_one();  // outside the lock, or the woken thread would run into it
  return true;
}

bool WorkerPool::Impl::full() const { return waiting_ == max_threads() || queue_.size() >= 4 * max_threads(); }

// The caller holds a permit for the thread and notifies `work_`.
bool WorkerPool::Impl::start_thread_on_queue() {
  if (idle_ == 0 && !create_thread()) return false;
  --idle_;
  ++starts_;
  return true;
}

bool WorkerPool::Impl::create_thread() {
  if (threads_.size() == max_threads()) return false;
  threads_.reserve(threads_.size() + 1);
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return false;
  pthread_attr_setstacksize(&attributes, limits_.stack_bytes);
  pthread_t thread{};
  const bool created = pthread_create(&thread, &attributes, &thread_main, this) == 0;
  pthread_attr_destroy(&attributes);
  if (!created) return false;
  threads_.push_back(thread);
  ++idle_;
  return true;
}

void* WorkerPool::Impl::thread_main(void* self) {
  pthread_setname_np(pthread_self(), "worker");
  pool_of_thread = static_cast<Impl*>(self);
  pool_of_thread->live();
  return nullptr;
}

void WorkerPool::Impl::live() {
  std::unique_lock lock(mutex_);
  for (;;) {
    work_.wait(lock, [&] { return starts_ > 0 || (stopping_ && queue_.empty()); });
    if (starts_ == 0) return;
    --starts_;
    run_tasks(lock);
    ++idle_;
  }
}

void WorkerPool::Impl::run_tasks(std::unique_lock<std::mutex>& lock) {
  while (returning_ == 0 && !queue_.empty()) take_one(lock);
  release_permit();
}

void WorkerPool::Impl::take_one(std::unique_lock<std::mutex>& lock) {
  std::function<void()> task = std::move(queue_.front());
  queue_.pop_front();
  if (stopping_ && queue_.empty()) work_.notify_all();  // idle threads may leave now
  lock.unlock();
  task();
  task = nullptr;  // what it holds goes before the lock is taken
  lock.lock();
}

void WorkerPool::Impl::release_permit() {
  if (returning_ > 0) {
    --returning_;
    ++handed_;
    permit_.notify_one();
  } else if (!queue_.empty() && start_thread_on_queue()) {
    work_.notify_one();
  } else {
    --running_;
  }
}

void WorkerPool::Impl::begin_waiting() {
  std::lock_guard lock(mutex_);
  ++waiting_;
  release_permit();
}

void WorkerPool::Impl::end_waiting() {
  std::unique_lock lock(mutex_);
  if (running_ < limits_.running) {
    ++running_;
  } else {
    ++returning_;
    permit_.wait(lock, [&] { return handed_ > 0; });
    --handed_;
  }
  --waiting_;
}

WorkerPool::WorkerPool(Limits limits) : impl_(std::make_unique<Impl>(limits)) {}
WorkerPool::~WorkerPool() = default;
bool WorkerPool::submit(std::function<void()> task) { return impl_->submit(std::move(task)); }

WaitingScope::WaitingScope() : pool_(nullptr) {
  if (pool_of_thread == nullptr || scopes_of_thread++ > 0) return;
  pool_ = pool_of_thread;
  pool_->begin_waiting();
}

WaitingScope::~WaitingScope() {
  if (pool_of_thread != nullptr) --scopes_of_thread;
  if (pool_ != nullptr) pool_->end_waiting();
}

}  // namespace parsimony
