#include "cloud/host/event_queue.h"

#include <utility>

namespace parsimony {

bool EventQueue::push(EngineEvent& event) {
  {
    std::lock_guard lock(mutex_);
    if (closed_) return false;
    events_.push_back(std::move(event));
  }
  changed_.notify_one();
  return true;
}

std::optional<EngineEvent> EventQueue::pop(Work::Clock::time_point until) {
  std::unique_lock lock(mutex_);
  const auto ready = [this] { return closed_ || !events_.empty(); };
  // The end of time does not fit into the clock that the wait is made of.
  if (until == Work::Clock::time_point::max()) {
    changed_.wait(lock, ready);
  } else {
    changed_.wait_until(lock, until, ready);
  }
  if (closed_ || events_.empty()) return std::nullopt;
  EngineEvent event = std::move(events_.front());
  events_.pop_front();
  return event;
}

std::deque<EngineEvent> EventQueue::close() {
  std::deque<EngineEvent> left;
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
    left.swap(events_);
  }
  changed_.notify_all();
  return left;
}

bool EventQueue::is_closed() const {
  std::lock_guard lock(mutex_);
  return closed_;
}

}  // namespace parsimony
