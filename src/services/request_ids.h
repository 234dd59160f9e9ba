// Requests that are executed once only: each names itself, and a second one of the same name is refused (option idempotencyOptions;
// server-behaviour.md, section 21).
#pragma once
#include <atomic>
#include <cstdint>
#include <string>

#include "storage/store.h"

namespace parsimony {

// Thread-safe; borrows the store. The names are rows of the class _Idempotency, so that they outlive the process; rows whose time is
// over are removed now and then.
class RequestIds {
 public:
  RequestIds(Store& store, std::int64_t ttl_ms) : store_(store), ttl_ms_(ttl_ms) {}

  // Remembers the name for the time of the option. Throws 159 when it is remembered already, also when that request failed or was
  // another caller's.
  void require_new(const std::string& request_id) const;

 private:
  Store& store_;
  const std::int64_t ttl_ms_;
  mutable std::atomic<std::int64_t> next_sweep_ms_{0};
};

}  // namespace parsimony
