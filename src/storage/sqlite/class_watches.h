// Who wants to hear of changed rows of which class (Store::watch).
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "storage/store.h"

namespace parsimony {

// What a transaction changed of the classes that are watched.
using ClassChanges = std::map<std::string, ClassChange, std::less<>>;

// Adds to what is noted already.
void merge_changes(ClassChanges& into, ClassChanges&& more);

// Thread-safe.
class ClassWatches {
 public:
  using Listener = std::function<void(const ClassChange&)>;

  // Listens until the handle is dropped; that waits for a call that is under way.
  std::shared_ptr<void> add(std::string class_name, Listener changed);
  bool wants(std::string_view class_name) const;
  void announce(const ClassChanges& changes) const;
  // Any row of any class may be another.
  void announce_all() const;

 private:
  struct Watches {
    std::mutex mutex;
    std::multimap<std::string, const Listener*, std::less<>> listeners;  // guarded by mutex
  };
  const std::shared_ptr<Watches> watches_ = std::make_shared<Watches>();
};

}  // namespace parsimony
