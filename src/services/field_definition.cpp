#include "services/field_definition.h"

#include "types/date.h"

namespace parsimony {
namespace {

FieldSpec read_spec(const Json& definition) {
  const std::string* type_name = find_string(definition, "type");
  if (!type_name) throw Error(error_code::kInvalidJson, "invalid JSON");
  const auto type = field_type_from_text(*type_name);
  if (!type || *type == FieldType::Acl) throw Error(error_code::kIncorrectType, "invalid field type: " + *type_name);
  if (*type != FieldType::Pointer && *type != FieldType::Relation) return {*type, {}};
  const std::string* target = find_string(definition, "targetClass");
  if (!target) throw Error(error_code::kMissingTargetClass, "type " + *type_name + " needs a class name");
  if (!is_valid_class_name(*target)) throw invalid_class_name(*target);
  return {*type, *target};
}

bool is_true(const Json* value) { return value && value->is_boolean() && value->get<bool>(); }

void require_matching_default(const std::string& class_name, const Field& field) {
  const auto type = type_of_value(*field.default_value);
  if (type && *type == field.spec) return;
  throw Error(error_code::kIncorrectType, "schema mismatch for " + class_name + "." + field.name + " default value; expected " +
                                              describe(field.spec) + " but got " + (type ? describe(*type) : "null"));
}

[[noreturn]] void refuse_option(const std::string& option, const Field& field) {
  throw Error(error_code::kIncorrectType, "The '" + option + "' option is not applicable for " + describe(field.spec));
}

OnDelete read_on_delete(const Json& definition, const Field& field) {
  const Json* value = find_member(definition, "onDelete");
  if (!value || value->is_null()) return OnDelete::None;
  const auto* text = value->get_ptr<const std::string*>();
  const auto action = text ? on_delete_from_text(*text) : std::nullopt;
  if (!action) {
    throw Error(error_code::kIncorrectType, "invalid onDelete of field " + field.name + "; use none, clear, cascade or restrict");
  }
  const bool leads_on = field.spec.type == FieldType::Pointer || field.spec.type == FieldType::Relation;
  if (*action != OnDelete::None && !leads_on) refuse_option("onDelete", field);
  if (*action == OnDelete::Clear && field.required) refuse_option("onDelete: clear", field);
  return *action;
}

Collation read_collation(const Json& definition, const Field& field) {
  const Json* value = find_member(definition, "collation");
  if (!value || value->is_null()) return Collation::Exact;
  if (field.spec.type != FieldType::String) refuse_option("collation", field);
  return decode_collation(*value);
}

}  // namespace

Error invalid_class_name(const std::string& class_name) {
  return {error_code::kInvalidClassName,
          "Invalid classname: " + class_name.substr(0, kMaxNameLength) +
              ", classnames can only have alphanumeric characters and _, and must start with an alpha character "};
}

Error field_exists(const std::string& field_name) {
  return {error_code::kInvalidSchemaOperation, "Field " + field_name + " exists, cannot update."};
}

void require_shown_type(const Field& known, const Json& definition) {
  const std::string* type = find_string(definition, "type");
  if (!type || *type != to_text(known.spec.type)) throw field_exists(known.name);
}

Field read_field_definition(const std::string& class_name, const std::string& field_name, const Json& definition) {
  if (!is_valid_field_name(field_name) || field_name.size() > kMaxNameLength) {
    throw Error(error_code::kInvalidKeyName, "invalid field name: " + field_name.substr(0, kMaxNameLength));
  }
  Field field;
  field.name = field_name;
  field.spec = read_spec(definition);
  field.required = is_true(find_member(definition, "required"));
  const Json* value = find_member(definition, "defaultValue");
  if (value && !value->is_null()) {
    field.default_value = *value;
    require_matching_default(class_name, field);
  }
  field.on_delete = read_on_delete(definition, field);
  field.collation = read_collation(definition, field);
  const bool is_relation = field.spec.type == FieldType::Relation;
  if (is_relation && field.default_value) refuse_option("default value", field);
  if (is_relation && field.required) refuse_option("required", field);
  return field;
}

Json encode_field_definition(const Field& field) {
  Json encoded = {{"type", to_text(field.spec.type)}};
  if (!field.spec.target_class.empty()) encoded["targetClass"] = field.spec.target_class;
  if (field.required) encoded["required"] = true;
  if (field.default_value) encoded["defaultValue"] = *field.default_value;
  if (field.on_delete != OnDelete::None) encoded["onDelete"] = to_text(field.on_delete);
  if (field.collation != Collation::Exact) encoded["collation"] = encode_collation(field.collation);
  return encoded;
}

void require_single_geo_point(const std::vector<Field>& fields) {
  const Field* first = nullptr;
  for (const Field& field : fields) {
    if (field.spec.type != FieldType::GeoPoint) continue;
    if (first) {
      throw Error(error_code::kIncorrectType, "currently, only one GeoPoint field may exist in an object. Adding " + field.name + " when " +
                                                  first->name + " already exists.");
    }
    first = &field;
  }
}

}  // namespace parsimony
