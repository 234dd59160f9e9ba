// The newest committed classes, shared between the writer and the readers.
#pragma once
#include <memory>
#include <mutex>
#include <utility>

#include "types/class_schema.h"

namespace parsimony {

class PublishedSchema {
 public:
  std::shared_ptr<const SchemaSnapshot> get() const {
    const std::lock_guard lock(mutex_);
    return snapshot_;
  }
  void set(std::shared_ptr<const SchemaSnapshot> snapshot) {
    const std::lock_guard lock(mutex_);
    snapshot_ = std::move(snapshot);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const SchemaSnapshot> snapshot_;  // guarded by mutex_
};

}  // namespace parsimony
