#include "cloud/host/timers.h"

#include <utility>

namespace parsimony {

void Timers::set(Clock::time_point due, Timer timer) {
  clear(timer.id);
  const std::string id = timer.id;
  by_id_[id] = by_time_.emplace(due, std::move(timer));
}

void Timers::clear(const std::string& id) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return;
  by_time_.erase(found->second);
  by_id_.erase(found);
}

std::optional<Timer> Timers::take_due(Clock::time_point now) {
  if (next() > now || by_time_.empty()) return std::nullopt;
  Timer timer = std::move(by_time_.begin()->second);
  by_id_.erase(timer.id);
  by_time_.erase(by_time_.begin());
  return timer;
}

std::vector<std::string> Timers::texts() const {
  std::vector<std::string> texts;
  for (const auto& [due, timer] : by_time_) texts.push_back(timer.text);
  return texts;
}

}  // namespace parsimony
