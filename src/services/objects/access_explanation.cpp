#include "services/objects/access_explanation.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "query/value_matcher.h"
#include "services/class_rules.h"
#include "types/acl.h"
#include "types/pointer.h"

namespace parsimony {
namespace {

constexpr const char* kUserRule = "user";

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text.append(text.empty() ? "" : ", ").append(word);
  return text;
}

// "the user" reads better than its id.
std::string in_words(const std::string& entity, const Caller& caller) {
  if (entity == "*") return "everybody";
  return entity == caller.user_id ? "the user" : entity;
}

std::string caller_in_words(const Caller& caller) { return caller.has_user() ? "the user" : "somebody who is not signed in"; }

Caller caller_of(const AccessQuestion& question, const std::vector<HeldRole>& roles) {
  Caller caller;
  caller.user_id = question.user_id;
  for (const HeldRole& role : roles) caller.roles.push_back(role.name);
  return caller;
}

class Explanation {
 public:
  Explanation(Reads& reads, const AccessQuestion& question, const ServiceSettings& settings)
      : reads_(reads), question_(question), settings_(settings) {
    told_.roles = held_roles_of(reads, question.user_id);
    caller_ = caller_of(question, told_.roles);
  }

  AccessExplanation tell() {
    explain_class();
    if (!told_.rules.back().passes) return std::move(told_);
    explain_row();
    told_.allowed = is_allowed();
    return std::move(told_);
  }

 private:
  void add(std::string name, bool passes, std::string because) { told_.rules.push_back({std::move(name), passes, std::move(because)}); }

  void explain_class() {
    of_ = reads_.schema().find(question_.class_name);
    if (!of_) return add("class", false, "there is no class " + question_.class_name);
    try {
      refuse_system_class(question_.class_name, settings_);
      add("class", true, "the class is there, and open to requests");
    } catch (const Error&) {
      add("class", false, "the class belongs to the server; requests with a session cannot name it");
    }
  }

  void explain_row() {
    const Json* rule = of_->permissions ? find_member(*of_->permissions, name_of(question_.operation)) : nullptr;
    const auto granted = rule ? granting_entity(caller_, *rule) : std::nullopt;
    const auto pointers = rule && !granted ? pointer_fields(*of_->permissions, question_.operation) : std::vector<std::string>{};
    explain_class_permission(rule, granted, pointers);
    const auto row = read_row(pointers);
    add("object", row.has_value(), row ? "the object is there" : "there is no object " + question_.object_id + " in " + of_->name());
    if (!row) return;
    if (!pointers.empty()) explain_pointers(*row, pointers);
    explain_acl(*row);
    explain_class_of_users(*row);
    explain_hidden(*row);
  }

  void explain_class_permission(const Json* rule, const std::optional<std::string>& granted, const std::vector<std::string>& pointers) {
    const std::string name = "class permission", operation(name_of(question_.operation));
    if (!rule) return add(name, true, "the class says nothing about " + operation);
    if (granted) return add(name, true, operation + " is granted to " + in_words(*granted, caller_));
    if (asks_for_user(*rule) && !caller_.has_user()) {
      return add(name, false, operation + " is granted to those who are signed in (requiresAuthentication)");
    }
    if (!pointers.empty()) return add(name, true, operation + " is granted to users that an object points to");
    if (asks_for_user(*rule)) return add(name, true, operation + " is granted to those who are signed in (requiresAuthentication)");
    std::vector<std::string> entities;
    for (const auto& [entity, value] : rule->items()) {
      if (entity != "pointerFields") entities.push_back(entity);
    }
    const bool is_closed = entities.empty();
    add(name, false,
        operation + " is granted to " + (is_closed ? "the master key alone" : listed(entities) + ", not to " + caller_in_words(caller_)));
  }

  void explain_pointers(const Json& row, const std::vector<std::string>& fields) {
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const std::string& field) { return points_to_caller(row, field); });
    const bool passes = found != fields.end();
    add("pointer permission", passes,
        passes ? "the field " + *found + " points to the user"
               : "no field of these points to " + caller_in_words(caller_) + ": " + listed(fields));
  }

  void explain_acl(const Json& row) {
    const std::string right = is_reading(question_.operation) ? "read" : "write";
    const Json* stored = find_member(row, "ACL");
    if (!stored || stored->is_null()) return add("ACL", true, "the object has none: everybody may " + right + " it");
    const Acl acl = decode_acl(*stored);
    const std::vector<std::string>& granted = right == "read" ? acl.read : acl.write;
    for (const std::string& principal : caller_.principals()) {
      if (std::find(granted.begin(), granted.end(), principal) == granted.end()) continue;
      return add("ACL", true, in_words(principal, caller_) + " may " + right + " the object");
    }
    if (granted.empty()) return add("ACL", false, "only the master key may " + right + " the object");
    add("ACL", false, listed(granted) + " may " + right + " the object, not " + caller_in_words(caller_));
  }

  // What holds for sessions and users beside their permissions.
  void explain_class_of_users(const Json& row) {
    if (of_->name() == "_Session") {
      const bool is_own = points_to_caller(row, "user");
      add("session", is_own, is_own ? "the session is the user's" : "a session is for its user alone");
    }
    if (of_->name() != "_User" || is_reading(question_.operation)) return;
    add(kUserRule, caller_.has_user(), "users are changed and deleted by those who are signed in");
  }

  void explain_hidden(const Json& row) {
    const HiddenFields hidden(caller_, *of_, settings_.protection);
    HiddenFields::RowKind kind;
    kind.is_own = !hidden.own_row().empty() && hidden.own_row() == question_.object_id;
    for (const HiddenFields::RowRule& rule : hidden.rules()) {
      if (points_to_caller(row, rule.pointer)) kind.applying.push_back(&rule);
    }
    for (const Field& field : of_->fields()) {
      if (!is_internal_field(field.name) && hidden.hides(field.name, kind))
        told_.hidden.push_back({field.name, protected_from(row, field.name)});
    }
  }

  std::vector<std::string> protected_from(const Json& row, const std::string& field) const {
    std::vector<std::string> entities;
    for (const auto& [entity, names] : protected_sets(*of_, settings_.protection)) {
      const bool is_of_row = entity.starts_with(kUserFieldEntity) && points_to_caller(row, entity.substr(kUserFieldEntity.size()));
      if (names.contains(field) && (is_of_row || is_met_by(entity, caller_))) entities.push_back(entity);
    }
    if (entities.empty()) entities.emplace_back("all but its own user");
    return entities;
  }

  bool points_to_caller(const Json& row, const std::string& field) const {
    const Json* value = find_member(row, field);
    return caller_.has_user() && value && value_matches(*value, Comparison::Equal, encode(Pointer{"_User", caller_.user_id}));
  }

  // The object with the fields that rules may ask for.
  std::optional<Json> read_row(const std::vector<std::string>& pointers) {
    std::vector<const Field*> fields = {of_->find("objectId"), of_->find("ACL")};
    const auto want = [&](const std::string& name) {
      const Field* field = of_->find(name);
      if (field && std::find(fields.begin(), fields.end(), field) == fields.end()) fields.push_back(field);
    };
    for (const std::string& name : pointers) want(name);
    for (const auto& [entity, names] : protected_sets(*of_, settings_.protection)) {
      if (entity.starts_with(kUserFieldEntity)) want(entity.substr(kUserFieldEntity.size()));
    }
    if (of_->name() == "_Session") want("user");
    const RowLayout layout(fields);
    const Filter where = equals("objectId", question_.object_id);
    std::optional<Json> found;
    reads_.find(Select{of_, fields, &where, {}, 1, 0}, [&](const Row& row) { found = decode_object(layout, row, settings_.files); });
    return found;
  }

  // As the requests themselves are held to it.
  bool is_allowed() {
    const auto is_refused = [](const AccessRule& rule) { return rule.name == kUserRule && !rule.passes; };
    if (std::any_of(told_.rules.begin(), told_.rules.end(), is_refused)) return false;
    try {
      const Permits::Right right = is_reading(question_.operation) ? Permits::Right::Read : Permits::Right::Write;
      const Filter permitted = require_class_permission(caller_, *of_, question_.operation, settings_.refusals);
      return reads_.count(*of_, all_of({equals("objectId", question_.object_id), permitted, row_filter(caller_, *of_, right)})) > 0;
    } catch (const Error&) {
      return false;
    }
  }

  Reads& reads_;
  const AccessQuestion& question_;
  const ServiceSettings& settings_;
  Caller caller_;
  const ClassSchema* of_ = nullptr;
  AccessExplanation told_;
};

Json encode(const std::vector<AccessRule>& rules) {
  Json list = Json::array();
  for (const AccessRule& rule : rules) list.push_back({{"rule", rule.name}, {"passes", rule.passes}, {"because", rule.because}});
  return list;
}

Json encode(const std::vector<HeldRole>& roles) {
  Json list = Json::array();
  for (const HeldRole& role : roles) {
    Json encoded = {{"role", role.name}};
    if (!role.through.empty()) encoded["through"] = role.through;
    list.push_back(std::move(encoded));
  }
  return list;
}

Json encode(const std::vector<ProtectedField>& fields) {
  Json list = Json::array();
  for (const ProtectedField& field : fields) list.push_back({{"field", field.name}, {"protectedFrom", field.from}});
  return list;
}

}  // namespace

AccessExplanation explain_access(Reads& reads, const AccessQuestion& question, const ServiceSettings& settings) {
  return Explanation(reads, question, settings).tell();
}

Json encode(const AccessQuestion& question, const AccessExplanation& explanation) {
  return {{"className", question.class_name},
          {"objectId", question.object_id},
          {"user", question.user_id.empty() ? Json() : Json(question.user_id)},
          {"operation", name_of(question.operation)},
          {"allowed", explanation.allowed},
          {"rules", encode(explanation.rules)},
          {"roles", encode(explanation.roles)},
          {"hiddenFields", encode(explanation.hidden)}};
}

Operation explainable_operation(std::string_view name) {
  const auto operation = operation_from_text(name);
  if (operation && *operation != Operation::Create) return *operation;
  throw Error(error_code::kInvalidQuery, "operation is get, find, count, update, delete or addField");
}

}  // namespace parsimony
