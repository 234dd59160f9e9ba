// The timers that JavaScript has set, by time and by name. Used by one thread.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "cloud/host/work.h"

namespace parsimony {

struct Timer {
  std::string id;
  std::shared_ptr<Work> work;  // that set it
  std::string text;            // the message that set it
};

class Timers {
 public:
  using Clock = Work::Clock;

  // One of the same id is replaced.
  void set(Clock::time_point due, Timer timer);
  void clear(const std::string& id);
  // The earliest, if it is due at `now`.
  std::optional<Timer> take_due(Clock::time_point now);
  Clock::time_point next() const { return by_time_.empty() ? Clock::time_point::max() : by_time_.begin()->first; }
  std::size_t size() const { return by_time_.size(); }
  std::vector<std::string> texts() const;  // in the order of time

 private:
  using ByTime = std::multimap<Clock::time_point, Timer>;

  ByTime by_time_;
  std::unordered_map<std::string, ByTime::iterator> by_id_;
};

}  // namespace parsimony
