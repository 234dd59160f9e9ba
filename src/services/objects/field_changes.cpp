#include "services/objects/field_changes.h"

#include <algorithm>

#include "common/error.h"
#include "services/builtin_classes.h"
#include "services/class_rules.h"
#include "services/field_definition.h"
#include "types/pointer.h"

namespace parsimony {
namespace {

bool is_unsetting(const FieldUpdate& change) {
  return change.kind == UpdateKind::Delete || (change.kind == UpdateKind::Set && change.operand.is_null());
}

bool is_empty_text(const FieldUpdate& change) {
  return change.kind == UpdateKind::Set && change.operand.is_string() && change.operand.get_ref<const std::string&>().empty();
}

[[noreturn]] void refuse_missing(const Field& field) { throw Error(error_code::kValidationError, field.name + " is required"); }

void require_matching_type(const ClassSchema& of, const Field& field, const FieldSpec& implied) {
  if (field.spec == implied) return;
  throw Error(error_code::kIncorrectType, "schema mismatch for " + of.name() + "." + field.name + "; expected " + describe(field.spec) +
                                              " but got " + describe(implied));
}

// Only objects and arrays have an inside; taking "iso" out of a date would leave a value that is none.
void require_inside(const ClassSchema& of, const Field& field, const FieldUpdate& change) {
  const bool has_inside = field.spec.type == FieldType::Object || field.spec.type == FieldType::Array;
  if (!change.path.inner.empty() && !has_inside) require_matching_type(of, field, {FieldType::Object, {}});
}

bool is_geo_point(const Field& field) { return field.spec.type == FieldType::GeoPoint; }

void require_single_geo_point(const ClassSchema& of, const std::vector<Field>& added) {
  const auto& fields = of.fields();
  const auto count = std::count_if(fields.begin(), fields.end(), is_geo_point) + std::count_if(added.begin(), added.end(), is_geo_point);
  const bool adds_one = std::any_of(added.begin(), added.end(), is_geo_point);
  if (adds_one && count > 1) throw Error(error_code::kIncorrectType, "there can only be one geopoint field in a class");
}

const Field* find_in(const std::vector<Field>& fields, const std::string& name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return field.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

// The value of the field after all changes of the update that concern it; null when it is unset.
Json value_after(const Field& field, const Update& update, bool& is_changed) {
  Json value;
  for (const FieldUpdate& change : update) {
    if (change.path.field != field.name || is_relation_update(change)) continue;
    value = apply_update(change, std::move(value), true);
    is_changed = true;
  }
  return value;
}

bool is_set_by(const Update& update, const Field& field) {
  return std::any_of(update.begin(), update.end(), [&](const FieldUpdate& change) { return change.path.field == field.name; });
}

// Null is refused even where there is a default: it says that the field shall be unset.
bool is_set_to_null(const Update& update, const Field& field) {
  return std::any_of(update.begin(), update.end(), [&](const FieldUpdate& change) {
    return change.path.field == field.name && change.kind == UpdateKind::Set && change.operand.is_null();
  });
}

}  // namespace

std::vector<Field> missing_fields(const ClassSchema& of, const Update& update) {
  std::vector<Field> missing;
  for (const FieldUpdate& change : update) {
    const Field* known = of.find(change.path.field);
    if (!known) known = find_in(missing, change.path.field);
    if (known) require_inside(of, *known, change);
    const auto implied = implied_type(change);
    if (!implied) continue;
    if (known) {
      require_matching_type(of, *known, *implied);
    } else {
      const std::string& target = implied->target_class;
      if (!target.empty() && !is_valid_class_name(target)) throw invalid_class_name(target);
      Field field;
      field.name = change.path.field;
      field.spec = *implied;
      missing.push_back(std::move(field));
    }
  }
  require_single_geo_point(of, missing);
  return missing;
}

CompletedClass require_fields(Transaction& transaction, const ClassSchema& of, const Update& update, const Caller& caller,
                              const ServiceSettings& settings) {
  std::vector<Field> missing = missing_fields(of, update);
  if (missing.empty()) return {of, {}};
  if (is_internal_class(of.name())) throw Error(error_code::kInvalidJson, "Could not add field " + missing.front().name);
  if (settings.lock_schemas && !caller.is_master) {
    throw forbidden(settings.refusals, "Fields cannot be added, because the `schema.lockSchemas` option is enabled.");
  }
  Filter rows = require_class_permission(caller, of, Operation::AddField, settings.refusals);
  if (of.fields().size() + missing.size() > kMaxFields) {
    throw Error(error_code::kInvalidSchemaOperation, "A class cannot have more than " + std::to_string(kMaxFields) + " fields.");
  }
  return {transaction.add_fields(of, std::move(missing)), std::move(rows)};
}

const ClassSchema& require_fields_of_new_object(Transaction& transaction, const ClassSchema& of, const Update& update, const Caller& caller,
                                                const ServiceSettings& settings) {
  const auto [completed, rows] = require_fields(transaction, of, update, caller, settings);
  if (rows.matches_all()) return completed;
  throw forbidden(settings.refusals, "Permission denied for action addField on class " + of.name() + ".");
}

void require_values_on_update(const ClassSchema& of, const Update& update) {
  for (const FieldUpdate& change : update) {
    const Field* field = of.find(change.path.field);
    if (!field || !field->required || !change.path.inner.empty()) continue;
    if (is_unsetting(change) || is_empty_text(change)) refuse_missing(*field);
  }
}

FieldValues values_of_new_object(const ClassSchema& of, const Update& update) {
  FieldValues values;
  for (const Field& field : of.fields()) {
    if (is_base_field(field.name) || field.spec.type == FieldType::Relation) continue;
    bool is_changed = false;
    Json value = value_after(field, update, is_changed);
    if (value.is_null() && field.required && is_set_to_null(update, field)) refuse_missing(field);
    if (value.is_null() && field.default_value && !is_set_to_null(update, field)) value = *field.default_value;
    const bool is_missing = value.is_null() || (value.is_string() && value.get_ref<const std::string&>().empty());
    if (field.required && is_missing) refuse_missing(field);
    if (!value.is_null()) values.push_back({&field, std::move(value)});
  }
  for (const Field& field : of.fields()) {
    if (field.spec.type == FieldType::Relation && field.required && !is_set_by(update, field)) refuse_missing(field);
  }
  return values;
}

void change_relations(Transaction& transaction, const ClassSchema& of, const Update& update, const std::string& object_id) {
  for (const FieldUpdate& change : update) {
    if (!is_relation_update(change)) continue;
    const Field* relation = of.find(change.path.field);
    for (const Json& operand : change.operand) {
      const Pointer pointer = decode_pointer(operand).value();
      if (change.kind == UpdateKind::AddRelation) {
        transaction.add_join_row(*relation, object_id, pointer.object_id);
      } else {
        transaction.remove_join_row(*relation, object_id, pointer.object_id);
      }
    }
  }
}

}  // namespace parsimony
