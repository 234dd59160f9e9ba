#include "storage/sqlite/class_watches.h"

#include <algorithm>
#include <iterator>

namespace parsimony {

void merge_changes(ClassChanges& into, ClassChanges&& more) {
  for (auto& [name, change] : more) {
    ClassChange& known = into[name];
    known.all = known.all || change.all;
    std::move(change.object_ids.begin(), change.object_ids.end(), std::back_inserter(known.object_ids));
  }
}

std::shared_ptr<void> ClassWatches::add(std::string class_name, Listener changed) {
  const auto listener = std::make_shared<const Listener>(std::move(changed));
  {
    const std::lock_guard lock(watches_->mutex);
    watches_->listeners.emplace(std::move(class_name), listener.get());
  }
  return {nullptr, [watches = watches_, listener](void*) {
            const std::lock_guard lock(watches->mutex);
            std::erase_if(watches->listeners, [&](const auto& known) { return known.second == listener.get(); });
          }};
}

bool ClassWatches::wants(std::string_view class_name) const {
  const std::lock_guard lock(watches_->mutex);
  return watches_->listeners.find(class_name) != watches_->listeners.end();
}

void ClassWatches::announce(const ClassChanges& changes) const {
  if (changes.empty()) return;
  const std::lock_guard lock(watches_->mutex);
  for (const auto& [name, change] : changes) {
    const auto [first, last] = watches_->listeners.equal_range(name);
    std::for_each(first, last, [&](const auto& known) { (*known.second)(change); });
  }
}

void ClassWatches::announce_all() const {
  const std::lock_guard lock(watches_->mutex);
  for (const auto& [name, changed] : watches_->listeners) (*changed)({true, {}});
}

}  // namespace parsimony
