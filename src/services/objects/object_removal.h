// Deletes objects, and does to others what the fields that lead to them ask for (`onDelete`, types/class_schema.h).
//
// The actions are part of the classes, not of what the caller may do: they run whatever the permissions of the other objects. An object
// that is deleted on the way loses its rows in join tables, too. Everything happens within the caller's transaction.
#pragma once
#include <set>
#include <string>
#include <utility>

#include "storage/store.h"

namespace parsimony {

inline constexpr int kMaxCascadeDepth = 100;
inline constexpr std::size_t kMaxCascadedRows = 10'000;  // others that one call changes or deletes

class ObjectRemoval {
 public:
  explicit ObjectRemoval(Transaction& transaction) : transaction_(transaction) {}

  // Throws 142 when a field restricts it, 155 beyond the limits.
  void remove(const ClassSchema& from, const std::string& object_id) { remove(from, object_id, 0); }
  void remove_all(const ClassSchema& from);

 private:
  void remove(const ClassSchema& from, const std::string& object_id, int depth);
  void follow(const ClassSchema& of, const Field& field, const ClassSchema& target, const std::string& target_id, int depth);
  void clear(const ClassSchema& of, const Field& field, const std::string& object_id);
  // The objects whose field leads to the target, without those that are going anyway.
  std::vector<std::string> referrers(const ClassSchema& of, const Field& field, const ClassSchema& target, const std::string& target_id);
  void leave_relations(const ClassSchema& of, const std::string& object_id, int depth);

  Transaction& transaction_;
  std::set<std::pair<std::string, std::string>> removed_;  // class and id
  std::string emptied_class_;                              // whose objects go, all of them
  std::size_t others_ = 0;
};

}  // namespace parsimony
