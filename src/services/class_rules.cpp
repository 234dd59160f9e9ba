#include "services/class_rules.h"

#include <algorithm>
#include <array>

#include "query/json_shape.h"
#include "services/builtin_classes.h"

namespace parsimony {
namespace {

bool is_deletion(const Json& value) {
  const std::string* op = find_string(value, "__op");
  return op && *op == "Delete";
}

// A new object needs a value that JavaScript does not take for false, which for Parse is none; of an old one it must not be taken away.
bool is_missing(const Json* value, SaveKind kind) {
  if (kind == SaveKind::Update) return value && is_deletion(*value);
  return !value || !is_truth(*value) || *value == Json("") || is_deletion(*value);
}

}  // namespace

void require_known_class(const Caller& caller, const SchemaSnapshot& classes, const std::string& class_name,
                         const ServiceSettings& settings) {
  if (caller.is_master || settings.allow_client_class_creation || classes.find(class_name)) return;
  throw forbidden(settings.refusals, "This user is not allowed to access non-existent class: " + class_name);
}

bool is_join_class(std::string_view class_name) { return class_name.starts_with("_Join:"); }

void refuse_system_class(const std::string& class_name, const ServiceSettings& settings) {
  constexpr std::array<std::string_view, 4> kOpen = {"_User", "_Session", "_Role", "_Product"};
  const bool is_open = !is_system_class(class_name) || std::find(kOpen.begin(), kOpen.end(), class_name) != kOpen.end();
  if (!is_open || is_join_class(class_name)) throw forbidden(settings.refusals, "The class " + class_name + " is not open to requests.");
}

void refuse_unreadable_class(const Caller& caller, const std::string& class_name, const ServiceSettings& settings) {
  if (!caller.is_master || !(is_internal_class(class_name) || is_join_class(class_name))) refuse_system_class(class_name, settings);
}

void refuse_unwritable_class(const Caller& caller, const std::string& class_name, const ServiceSettings& settings) {
  const bool is_of_jobs = class_name == "_JobSchedule" || class_name == "_JobStatus";
  if (!caller.is_master || !is_of_jobs) refuse_system_class(class_name, settings);
}

void require_builtin_values(const std::string& class_name, const Json& body, SaveKind kind) {
  for (const std::string_view field : required_builtin_fields(class_name)) {
    if (is_missing(find_member(body, field), kind)) throw Error(error_code::kIncorrectType, std::string(field) + " is required.");
  }
}

void require_session_for(const Caller& caller, const std::string& class_name, const ServiceSettings& settings) {
  if (class_name != "_Session" || caller.is_master || caller.has_user()) return;
  throw refusal(settings.refusals, error_code::kInvalidSessionToken, "Invalid session token");
}

void require_valid_class_name(const std::string& class_name) {
  if (!is_valid_class_name(class_name)) throw Error(error_code::kInvalidJson, "schema class name does not revalidate");
}

}  // namespace parsimony
