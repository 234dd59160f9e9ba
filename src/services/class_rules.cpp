#include "services/class_rules.h"

#include <algorithm>

#include "query/json_shape.h"
#include "services/builtin_classes.h"

namespace parsimony {
namespace {

// Whether JavaScript takes the value for false, which for Parse is none.
bool sets_nothing(const FieldUpdate& change) {
  return change.kind == UpdateKind::Set && (!is_truth(change.operand) || change.operand == Json(""));
}

}  // namespace

void require_known_class(const Caller& caller, const SchemaSnapshot& classes, const std::string& class_name,
                         const ServiceSettings& settings) {
  if (caller.is_master || settings.allow_client_class_creation || classes.find(class_name)) return;
  throw forbidden(settings.refusals, "This user is not allowed to access non-existent class: " + class_name);
}

bool is_join_class(std::string_view class_name) { return class_name.starts_with("_Join:"); }

void refuse_system_class(const std::string& class_name, const ServiceSettings& settings) {
  const bool is_open = !is_system_class(class_name) || class_name == "_Product";
  if (!is_open || is_join_class(class_name)) throw forbidden(settings.refusals, "The class " + class_name + " is not open to requests.");
}

void refuse_unreadable_class(const Caller& caller, const std::string& class_name, const ServiceSettings& settings) {
  if (!caller.is_master || !(is_internal_class(class_name) || is_join_class(class_name))) refuse_system_class(class_name, settings);
}

void require_builtin_values(const std::string& class_name, const Update& update, SaveKind kind) {
  for (const std::string_view field : required_builtin_fields(class_name)) {
    const auto change = std::find_if(update.begin(), update.end(), [&](const FieldUpdate& each) { return each.path.text() == field; });
    const bool is_absent = change == update.end();
    const bool is_missing =
        kind == SaveKind::Create ? is_absent || sets_nothing(*change) : !is_absent && change->kind == UpdateKind::Delete;
    if (is_missing) throw Error(error_code::kIncorrectType, std::string(field) + " is required.");
  }
}

void require_valid_class_name(const std::string& class_name) {
  if (!is_valid_class_name(class_name)) throw Error(error_code::kInvalidJson, "schema class name does not revalidate");
}

}  // namespace parsimony
