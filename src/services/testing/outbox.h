// What the product would have sent into the world, kept for a test to look at.
#pragma once
#include <cstddef>
#include <deque>
#include <mutex>
#include <vector>

#include "types/json.h"

namespace parsimony {

// Thread-safe. Holds the newest `limit` messages; older ones are dropped.
class Outbox {
 public:
  explicit Outbox(std::size_t limit = kLimit) : limit_(limit) {}

  void add(Json message);
  // Oldest first.
  std::vector<Json> messages() const;
  void clear();

  static constexpr std::size_t kLimit = 1000;

 private:
  const std::size_t limit_;
  mutable std::mutex mutex_;
  std::deque<Json> messages_;  // guarded by mutex_
};

}  // namespace parsimony
