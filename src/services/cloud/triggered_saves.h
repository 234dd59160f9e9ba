// Saves and deletes of objects with the triggers of the users' code around them (server-behaviour.md, sections 2 and 17).
//
// What runs before a save runs when it is prepared, outside of any transaction: it sees the row as it is then, through the rights of
// the caller, and answers other changes than the caller sent. What runs after it runs when the write is on disk.
#pragma once
#include <string>

#include "services/cloud/triggers.h"
#include "services/object_gate.h"

namespace parsimony {

// Thread-safe; borrows all. The methods are those of ObjectGate, and throw what its methods and the code throw.
class TriggeredSaves {
 public:
  TriggeredSaves(const ObjectGate& gate, const Triggers& triggers, Store& store, const ServiceSettings& settings)
      : gate_(gate), triggers_(triggers), store_(store), settings_(settings) {}

  PreparedWrite prepare_create(const Caller& caller, const std::string& class_name, const Json& body) const;
  PreparedWrite prepare_update(const Caller& caller, const std::string& class_name, const std::string& object_id, const Json& body) const;
  PreparedWrite prepare_remove(const Caller& caller, const std::string& class_name, const std::string& object_id) const;

 private:
  struct Save;

  bool have_triggers(const std::string& class_name, const char* before, const char* after) const;
  void require_permitted(const Caller& caller, const std::string& class_name) const;
  Json object_to_change(const Caller& caller, const std::string& class_name, const std::string& object_id, Operation operation) const;
  void let_code_change(Save& save) const;
  PreparedWrite prepare_new(const Caller& caller, const std::string& class_name, const Json& body) const;
  PreparedWrite prepare_change(const Caller& caller, const std::string& class_name, const std::string& object_id, const Json& body) const;
  PreparedWrite prepare_sign_up(const Caller& caller, const Json& body) const;
  PreparedWrite prepare_sign_in(const Caller& caller, const Json& user, const Json& body) const;
  PreparedWrite prepare_linking(const Caller& caller, const std::string& user_id, const Json& body) const;
  PreparedWrite observed(Save save, PreparedWrite write) const;
  Json object_behind(Transaction& transaction, const Save& save, const SaveResult& result) const;
  void run_after_save(const Save& save, const Json& object, SaveResult& result) const;

  const ObjectGate& gate_;
  const Triggers& triggers_;
  Store& store_;
  const ServiceSettings& settings_;
};

}  // namespace parsimony
