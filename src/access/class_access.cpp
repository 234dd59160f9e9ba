#include "access/class_access.h"

#include <algorithm>
#include <array>

#include "types/acl.h"
#include "types/pointer.h"

namespace parsimony {
namespace {

constexpr std::array kOperations = {Operation::Find,   Operation::Get,    Operation::Count,   Operation::Create,
                                    Operation::Update, Operation::Delete, Operation::AddField};
constexpr std::size_t kMaxPermissionKeys = 1000;

bool grants(const Json& rule, std::string_view entity) {
  const Json* granted = find_member(rule, entity);
  return granted && granted->is_boolean() && granted->get<bool>();
}

bool reads(Operation operation) { return operation == Operation::Find || operation == Operation::Get || operation == Operation::Count; }

void add_names(std::vector<std::string>& names, const Json* list) {
  if (!list || !list->is_array()) return;
  for (const Json& name : *list) {
    if (name.is_string()) names.push_back(name.get<std::string>());
  }
}

bool is_operation(std::string_view name) {
  return std::any_of(kOperations.begin(), kOperations.end(), [&](Operation operation) { return name_of(operation) == name; });
}

// Nothing points to a caller without a user.
Filter rows_that_point(const Caller& caller, const std::vector<std::string>& fields, Operation operation) {
  if (!caller.has_user() && operation == Operation::Get) throw Error(error_code::kObjectNotFound, "Object not found.");
  AnyOf rows;
  if (caller.has_user()) {
    for (const std::string& field : fields) rows.of.push_back(points_to_user(field, caller.user_id));
  }
  return rows.of.size() == 1 ? std::move(rows.of.front()) : Filter{std::move(rows)};
}

[[noreturn]] void refuse(const std::string& message) { throw Error(error_code::kInvalidJson, message); }

// A value of a request as an error repeats it.
std::string shown(const Json& value) { return value.is_string() ? value.get<std::string>() : to_json_text(value); }

bool is_user_id(std::string_view key) {
  return !key.empty() && key.size() <= kMaxNameLength && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  });
}

bool is_role(std::string_view key) { return key.starts_with("role:") && key.size() > 5; }

bool is_entity(std::string_view key) { return key == "*" || is_role(key) || is_user_id(key); }  // "requiresAuthentication" passes as an id

bool is_protected_entity(std::string_view key) { return is_entity(key) || key.starts_with("userField:"); }

bool can_point_to_users(const Field& field) {
  return (field.spec.type == FieldType::Pointer && field.spec.target_class == "_User") || field.spec.type == FieldType::Array;
}

void check_pointer_fields(const std::string& key, const Json& names, const ClassSchema& of) {
  for (const Json& name : names) {
    const Field* field = name.is_string() ? of.find(name.get_ref<const std::string&>()) : nullptr;
    if (field && can_point_to_users(*field)) continue;
    refuse("'" + shown(name) + "' is not a valid column for class level pointer permissions " + key);
  }
}

void check_user_fields(const std::string& key, const Json& names, const ClassSchema& of) {
  if (!names.is_array()) refuse("'" + shown(names) + "' is not a valid value for class level permissions " + key + " - must be an array");
  check_pointer_fields(key, names, of);
}

void check_operation_rule(const std::string& operation, const Json& rule, const ClassSchema& of) {
  if (!rule.is_object()) refuse("'" + to_json_text(rule) + "' is not a valid value for class level permissions " + operation);
  if (rule.size() > kMaxPermissionKeys) refuse("too many entries in class level permissions " + operation);
  for (const auto& [entity, granted] : rule.items()) {
    if (entity == "pointerFields") {
      if (!granted.is_array())
        refuse("'" + shown(granted) + "' is not a valid value for " + operation + "[pointerFields] - expected an array.");
      check_pointer_fields(operation, granted, of);
      continue;
    }
    if (!is_entity(entity)) refuse("'" + entity + "' is not a valid key for class level permissions");
    if (!granted.is_boolean() || !granted.get<bool>()) {
      refuse("'" + to_json_text(granted) + "' is not a valid value for class level permissions acl " + operation + ":" + entity);
    }
  }
}

void check_protected_fields(const Json& rules, const ClassSchema& of) {
  if (!rules.is_object()) refuse("'" + to_json_text(rules) + "' is not a valid value for class level permissions protectedFields");
  if (rules.size() > kMaxPermissionKeys) refuse("too many entries in class level permissions protectedFields");
  for (const auto& [entity, fields] : rules.items()) {
    if (!is_protected_entity(entity)) refuse("'" + entity + "' is not a valid key for class level permissions");
    if (!fields.is_array()) refuse("'" + shown(fields) + "' is not a valid value for protectedFields[" + entity + "] - expected an array.");
    for (const Json& name : fields) {
      const std::string text = shown(name);
      if (is_base_field(text)) refuse("Default field '" + text + "' can not be protected");
      if (!of.find(text)) refuse("Field '" + text + "' in protectedFields:" + entity + " does not exist");
    }
  }
}

// Whether a name of the top level of class-level permissions is one, and its value is well-formed.
void check_permission(const std::string& name, const Json& rule, const ClassSchema& of) {
  if (is_operation(name)) return check_operation_rule(name, rule, of);
  if (name == "readUserFields" || name == "writeUserFields") return check_user_fields(name, rule, of);
  if (name == "protectedFields") return check_protected_fields(rule, of);
  if (name == "ACL") return void(decode_acl(rule));
  refuse(name + " is not a valid operation for class level permissions");
}

}  // namespace

std::string_view name_of(Operation operation) {
  switch (operation) {
    case Operation::Find: return "find";
    case Operation::Get: return "get";
    case Operation::Count: return "count";
    case Operation::Create: return "create";
    case Operation::Update: return "update";
    case Operation::Delete: return "delete";
    case Operation::AddField: return "addField";
  }
  return {};
}

Error refusal(Refusals refusals, int code, const std::string& detail) {
  return {code, refusals == Refusals::Sanitized ? "Permission denied" : detail, detail};
}

Error forbidden(Refusals refusals, const std::string& detail) { return refusal(refusals, error_code::kOperationForbidden, detail); }

std::vector<std::string> pointer_fields(const Json& permissions, Operation operation) {
  std::vector<std::string> names;
  if (operation == Operation::Create) return names;  // a new object points to nobody yet
  if (const Json* rule = find_member(permissions, name_of(operation))) add_names(names, find_member(*rule, "pointerFields"));
  add_names(names, find_member(permissions, reads(operation) ? "readUserFields" : "writeUserFields"));
  return names;
}

Filter points_to_user(const std::string& field, const std::string& user_id) { return equals(field, encode(Pointer{"_User", user_id})); }

Filter require_class_permission(const Caller& caller, const ClassSchema& on, Operation operation, Refusals refusals) {
  if (caller.is_master || !on.permissions) return {};
  const Json* rule = find_member(*on.permissions, name_of(operation));
  if (!rule) return {};
  for (const std::string& principal : caller.principals()) {
    if (grants(*rule, principal)) return {};
  }
  const bool is_for_users = grants(*rule, "requiresAuthentication");
  if (is_for_users && !caller.has_user()) {
    const std::string detail = "Permission denied, user needs to be authenticated.";
    throw Error(error_code::kObjectNotFound, refusals == Refusals::Sanitized ? "Permission denied" : detail, detail);
  }
  const std::vector<std::string> pointers = pointer_fields(*on.permissions, operation);
  if (!pointers.empty()) return rows_that_point(caller, pointers, operation);
  if (is_for_users) return {};
  throw forbidden(refusals, "Permission denied for action " + std::string(name_of(operation)) + " on class " + on.name() + ".");
}

Filter object_filter(const Caller& caller, Permits::Right right) {
  if (caller.is_master) return {};
  return Filter{Permits{right, caller.principals()}};
}

Filter row_filter(const Caller& caller, const ClassSchema& of, Permits::Right right) {
  const Filter by_acl = object_filter(caller, right);
  if (caller.is_master || of.name() != "_Session") return by_acl;
  if (!caller.has_user()) return Filter{AnyOf{}};
  return all_of({by_acl, equals("user", encode(Pointer{"_User", caller.user_id}))});
}

Json default_acl(const Caller& caller, const ClassSchema& of) {
  const Json* acl = of.permissions ? find_member(*of.permissions, "ACL") : nullptr;
  if (!acl) return nullptr;
  Acl granted = decode_acl(*acl);
  for (std::vector<std::string>* principals : {&granted.read, &granted.write}) {
    if (caller.has_user()) {
      std::replace(principals->begin(), principals->end(), std::string("currentUser"), caller.user_id);
    } else {
      std::erase(*principals, "currentUser");
    }
  }
  static const Acl kPublic{{"*"}, {"*"}};
  return granted == kPublic ? Json() : encode(granted);  // a row without an ACL is public
}

Json open_permissions() {
  Json permissions = {{"ACL", {{"*", {{"read", true}, {"write", true}}}}}};
  for (const Operation operation : kOperations) permissions[std::string(name_of(operation))] = Json{{"*", true}};
  permissions["protectedFields"] = Json{{"*", Json::array()}};
  return permissions;
}

Json closed_permissions() {
  Json permissions = Json::object();
  for (const Operation operation : kOperations) permissions[std::string(name_of(operation))] = Json::object();
  permissions["protectedFields"] = Json::object();
  return permissions;
}

Json complete_permissions(const Json& given, const ClassSchema& of) {
  if (!given.is_object()) refuse("'" + to_json_text(given) + "' is not a valid value for class level permissions");
  Json permissions = closed_permissions();
  for (const auto& [name, rule] : given.items()) {
    check_permission(name, rule, of);
    permissions[name] = rule;
  }
  return permissions;
}

}  // namespace parsimony
