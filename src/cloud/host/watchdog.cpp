#include "cloud/host/watchdog.h"

#include <pthread.h>

#include <algorithm>

namespace parsimony {
namespace {

constexpr auto kBetweenLooks = std::chrono::milliseconds(100);

}  // namespace

void Watchdog::Leash::set_engine(JavaScriptEngine* engine) {
  std::lock_guard lock(mutex_);
  engine_ = engine;
}

// The order matters: the deadline first, then the look at `awake_`; live() does it the other way round.
void Watchdog::Leash::begin(Clock::time_point deadline) {
  deadline_ = deadline.time_since_epoch().count();
  if (!watchdog_.awake_) watchdog_.wake();
}

void Watchdog::Leash::check(Clock::time_point now) {
  const auto is_late = [&] {
    const Clock::rep deadline = deadline_;
    return deadline != kIdle && deadline < now.time_since_epoch().count();
  };
  if (!is_late()) return;
  std::lock_guard lock(mutex_);
  if (engine_ != nullptr && is_late()) engine_->condemn();
}

void Watchdog::Leash::stop() {
  std::lock_guard lock(mutex_);
  if (engine_ != nullptr) engine_->condemn();
}

Watchdog::Watchdog() : thread_([this] { live(); }) { pthread_setname_np(thread_.native_handle(), "watchdog"); }

Watchdog::~Watchdog() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

std::shared_ptr<Watchdog::Leash> Watchdog::add() {
  std::shared_ptr<Leash> leash(new Leash(*this));
  std::lock_guard lock(mutex_);
  leashes_.push_back(leash);
  return leash;
}

void Watchdog::wake() {
  std::lock_guard lock(mutex_);
  awake_ = true;
  changed_.notify_one();
}

bool Watchdog::look() {
  leashes_.erase(std::remove_if(leashes_.begin(), leashes_.end(), [](const auto& leash) { return leash.use_count() == 1; }),
                 leashes_.end());
  const Clock::time_point now = Clock::now();
  for (const auto& leash : leashes_) leash->check(now);
  return std::any_of(leashes_.begin(), leashes_.end(), [](const auto& leash) { return leash->is_running(); });
}

void Watchdog::live() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (awake_) changed_.wait_for(lock, kBetweenLooks, [this] { return stopping_; });
    awake_ = look();
    if (awake_) continue;
    awake_ = look();  // one may have begun before it could see that we sleep
    changed_.wait(lock, [this] { return stopping_ || awake_; });
  }
}

}  // namespace parsimony
