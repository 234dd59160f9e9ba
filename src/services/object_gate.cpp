#include "services/object_gate.h"

#include <utility>

#include "services/class_rules.h"
#include "services/jobs/schedule_rows.h"
#include "services/objects/row_reader.h"

namespace parsimony {
namespace {

void require_unique_name(Transaction& transaction, const std::string& role_id) {
  const ClassSchema& of = *transaction.schema().find("_Role");
  const auto role = read_row(transaction, of, equals("objectId", role_id));
  const std::string name = role ? text_of_member(*role, "name") : std::string();
  if (transaction.count(of, equals("name", name)) > 1)
    throw Error(error_code::kDuplicateValue, "A duplicate value for a field with unique values was provided");
}

// The words of Parse Server for a session that is not there.
PreparedWrite named_as_deletion(PreparedWrite remove) {
  return [remove = std::move(remove)](Transaction& transaction) {
    try {
      return remove(transaction);
    } catch (const Error& error) {
      if (error.code() != error_code::kObjectNotFound) throw;
      throw Error(error_code::kObjectNotFound, "Object not found for delete.");
    }
  };
}

}  // namespace

// Permissions are granted to a role by its name.
PreparedWrite ObjectGate::with_unique_name(PreparedWrite write) const {
  return [write = std::move(write)](Transaction& transaction) {
    SaveResult result = write(transaction);
    require_unique_name(transaction, result.object_id);
    return result;
  };
}

PreparedWrite ObjectGate::of_good_schedule(PreparedWrite write) const {
  return [write = std::move(write)](Transaction& transaction) {
    SaveResult result = write(transaction);
    require_good_schedule(transaction, result.object_id);
    return result;
  };
}

void ObjectGate::require_creatable(const Caller& caller, const std::string& class_name, const Json& body) const {
  if (class_name == "_User") users_.require_new_user(caller, body);
}

void ObjectGate::require_change(const Caller& caller, const std::string& class_name, const std::string& object_id, const Json& body) const {
  if (class_name == "_User") users_.require_user_change(caller, object_id, body);
  if (class_name == "_Session") {
    if (!caller.is_master && !caller.has_user()) throw Error(error_code::kInvalidSessionToken, "Session token required.");
    require_session_fields(caller, body);
  }
}

PreparedWrite ObjectGate::prepare_create(const Caller& caller, const std::string& class_name, const Json& body,
                                         const std::string& object_id) const {
  if (class_name == "_User") return users_.prepare_create(caller, body, object_id);
  if (class_name == "_Session" && !caller.is_master) return sessions_.prepare_create(caller, body);
  PreparedWrite create = writer_.prepare_create(caller, class_name, body, {object_id, {}, {}});
  if (class_name == "_Role") return with_unique_name(std::move(create));
  if (class_name == kJobScheduleClass) return of_good_schedule(std::move(create));
  return create;
}

PreparedWrite ObjectGate::prepare_update(const Caller& caller, const std::string& class_name, const std::string& object_id,
                                         const Json& body) const {
  if (class_name == "_User") return users_.prepare_update(caller, object_id, body);
  if (class_name == "_Role" && find_member(body, "name"))
    return with_unique_name(writer_.prepare_update(caller, class_name, object_id, body));
  if (class_name == kJobScheduleClass) return of_good_schedule(writer_.prepare_update(caller, class_name, object_id, body));
  return writer_.prepare_update(caller, class_name, object_id, body);
}

PreparedWrite ObjectGate::prepare_remove(const Caller& caller, const std::string& class_name, const std::string& object_id) const {
  if (class_name == "_User") return users_.prepare_remove(caller, object_id);
  require_session_for(caller, class_name, settings_);
  PreparedWrite remove = writer_.prepare_remove(caller, class_name, object_id);
  return class_name == "_Session" ? named_as_deletion(std::move(remove)) : remove;
}

}  // namespace parsimony
