// Saves of every class: those of Parse's own classes go through the rules of their services.
#pragma once
#include <string>

#include "services/objects/object_writer.h"
#include "services/sessions/session_service.h"
#include "services/users/user_service.h"

namespace parsimony {

// Thread-safe; borrows the services. The methods are those of ObjectWriter.
class ObjectGate {
 public:
  ObjectGate(const ObjectWriter& writer, const UserService& users, const SessionService& sessions, const ServiceSettings& settings)
      : writer_(writer), users_(users), sessions_(sessions), settings_(settings) {}

  // Throw what the caller may not say of an object of this class: asked of what was sent, before code changes it.
  void require_creatable(const Caller& caller, const std::string& class_name, const Json& body) const;
  void require_change(const Caller& caller, const std::string& class_name, const std::string& object_id, const Json& body) const;

  const UserService& users() const { return users_; }

  // `object_id` is chosen by code; empty: as for every object.
  PreparedWrite prepare_create(const Caller& caller, const std::string& class_name, const Json& body,
                               const std::string& object_id = {}) const;
  PreparedWrite prepare_update(const Caller& caller, const std::string& class_name, const std::string& object_id, const Json& body) const;
  PreparedWrite prepare_remove(const Caller& caller, const std::string& class_name, const std::string& object_id) const;

 private:
  PreparedWrite with_unique_name(PreparedWrite write) const;
  PreparedWrite of_good_schedule(PreparedWrite write) const;

  const ObjectWriter& writer_;
  const UserService& users_;
  const SessionService& sessions_;
  const ServiceSettings& settings_;
};

}  // namespace parsimony
