#include "services/testing/outbox.h"

#include <utility>

namespace parsimony {

void Outbox::add(Json message) {
  const std::lock_guard lock(mutex_);
  messages_.push_back(std::move(message));
  if (messages_.size() > limit_) messages_.pop_front();
}

std::vector<Json> Outbox::messages() const {
  const std::lock_guard lock(mutex_);
  return {messages_.begin(), messages_.end()};
}

void Outbox::clear() {
  const std::lock_guard lock(mutex_);
  messages_.clear();
}

}  // namespace parsimony
