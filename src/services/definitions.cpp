#include "services/definitions.h"

#include <algorithm>

#include "services/builtin_classes.h"
#include "services/class_rules.h"
#include "services/definition_fault.h"
#include "services/field_definition.h"
#include "services/index_definitions.h"

namespace parsimony {
namespace {

const Json* member_unless_null(const Json& json, std::string_view name) {
  const Json* member = find_member(json, name);
  return member && !member->is_null() ? member : nullptr;
}

std::string require_class_name(const Json& json) {
  const std::string* name = find_string(json, "className");
  if (!name) throw Error(error_code::kMissingTargetClass, "A class definition needs a className.");
  if (!is_valid_class_name(*name) || is_internal_class(*name)) throw invalid_class_name(*name);
  return *name;
}

std::vector<Field> read_fields(const std::string& class_name, const Json& fields) {
  if (!fields.is_object()) throw Error(error_code::kInvalidJson, "The fields of class " + class_name + " must be an object.");
  const ClassSchema* builtin = builtin_class(class_name);
  std::vector<Field> read = builtin ? builtin->fields() : base_fields();
  for (const auto& [name, definition] : fields.items()) {
    if (is_base_field(name)) continue;
    if (is_default_field(class_name, name)) {
      require_shown_type(*builtin->find(name), definition);
    } else {
      read.push_back(read_field_definition(class_name, name, definition));
    }
  }
  if (read.size() > kMaxFields) {
    throw Error(error_code::kInvalidSchemaOperation, "A class cannot have more than " + std::to_string(kMaxFields) + " fields.");
  }
  require_single_geo_point(read);
  return read;
}

// With the field as defined, if that needs no other type; otherwise a line for the user.
std::optional<std::string> bring_in_line(Transaction& transaction, const std::string& class_name, const Field& defined,
                                         const DefinitionOptions& options) {
  const ClassSchema& of = *transaction.schema().find(class_name);
  const Field* known = of.find(defined.name);
  if (!known) {
    transaction.add_field(of, defined);
    return std::nullopt;
  }
  if (known->spec != defined.spec && options.recreate_modified_fields) {
    transaction.add_field(transaction.drop_field(of, defined.name), defined);
    return std::nullopt;
  }
  if (known->spec != defined.spec) {
    return class_name + "." + defined.name + " is defined as " + describe(defined.spec) + ", but the database has " +
           describe(known->spec) + "; the field is left as it is";
  }
  Field changed = defined;
  changed.column = known->column;
  if (encode_field_definition(changed) != encode_field_definition(*known)) transaction.redefine(of.with_field(std::move(changed)));
  return std::nullopt;
}

// What the class has beyond its definition is deleted where that is asked for, and is a line for the user where it must not be there.
void settle_extra_fields(Transaction& transaction, const ClassSchema& definition, const DefinitionOptions& options,
                         std::vector<std::string>& notes) {
  if (!options.delete_extra_fields && !options.strict) return;
  const std::vector<Field> stored = transaction.schema().find(definition.name())->fields();
  for (const Field& field : stored) {
    if (definition.find(field.name) || is_internal_field(field.name)) continue;
    if (options.delete_extra_fields) {
      transaction.drop_field(*transaction.schema().find(definition.name()), field.name);
    } else {
      notes.push_back(definition.name() + "." + field.name + " is in the database, but not in the class definition");
    }
  }
}

[[noreturn]] void refuse_differences(const std::vector<std::string>& notes) {
  std::string text = "The database differs from the class definitions, and schema.strict is set: ";
  for (std::size_t i = 0; i < notes.size(); ++i) text += (i == 0 ? "" : "; ") + notes[i];
  throw Error(error_code::kInvalidSchemaOperation, text);
}

// A definition that says nothing about indexes leaves them as they are.
Json indexes_by_definition(const ClassSchema& of, const ClassSchema& definition, const DefinitionOptions& options) {
  if (definition.indexes.is_null()) return of.indexes;
  Json indexes = definition.indexes;
  if (!options.keep_unknown_indexes || of.indexes.is_null()) return indexes;
  for (const auto& [name, index] : of.indexes.items()) {
    if (!indexes.contains(name)) indexes[name] = index;
  }
  return indexes;
}

void set_permissions_and_indexes(Transaction& transaction, const ClassSchema& definition, const DefinitionOptions& options) {
  const ClassSchema& of = *transaction.schema().find(definition.name());
  const Json indexes = indexes_by_definition(of, definition, options);
  if (of.permissions == definition.permissions && of.indexes == indexes) return;
  ClassSchema changed = of;
  changed.permissions = definition.permissions;
  changed.indexes = indexes;
  transaction.redefine(changed);
}

}  // namespace

ClassSchema parse_definition(const Json& json, NewClass kind) {
  if (!json.is_object()) throw Error(error_code::kInvalidJson, "A class definition must be an object.");
  const std::string name = require_class_name(json);
  const Json* fields = member_unless_null(json, "fields");
  ClassSchema definition(name, read_fields(name, fields ? *fields : Json::object()));
  if (const Json* permissions = member_unless_null(json, "classLevelPermissions")) {
    definition.permissions = complete_permissions(*permissions, definition);
  } else {
    const bool is_open = kind == NewClass::Open || builtin_class(name);
    definition.permissions = is_open ? open_permissions() : closed_permissions();
  }
  if (const Json* indexes = member_unless_null(json, "indexes")) definition.indexes = indexes_after(definition, *indexes);
  return definition;
}

std::vector<ClassSchema> parse_definitions(std::string_view text) {
  const Json json = parse_json(text);
  const Json* listed = find_member(json, "results");
  if (!listed) listed = find_member(json, "definitions");
  const Json& given = listed ? *listed : json;
  const Json items = given.is_array() ? given : Json::array({given});
  const int depth = (listed ? 1 : 0) + (given.is_array() ? 1 : 0);
  std::vector<ClassSchema> definitions;
  for (std::size_t at = 0; at < items.size(); ++at) {
    try {
      definitions.push_back(parse_definition(items[at], NewClass::Closed));
    } catch (const Error& error) {
      const std::string* name = find_string(items[at], "className");
      throw DefinitionFault((name ? "class " + *name + ": " : "") + error.message(), place_of_object(text, depth, at, items.size()));
    }
  }
  return definitions;
}

std::vector<std::string> apply_definitions(Transaction& transaction, const std::vector<ClassSchema>& definitions,
                                           const DefinitionOptions& options) {
  std::vector<std::string> notes;
  for (const ClassSchema& definition : definitions) {
    if (!transaction.schema().find(definition.name())) {
      transaction.create_class(definition);
      continue;
    }
    for (const Field& field : definition.fields()) {
      if (is_base_field(field.name)) continue;
      if (auto note = bring_in_line(transaction, definition.name(), field, options)) notes.push_back(std::move(*note));
    }
    settle_extra_fields(transaction, definition, options, notes);
    set_permissions_and_indexes(transaction, definition, options);
  }
  if (options.strict && !notes.empty()) refuse_differences(notes);
  return notes;
}

Json encode_definition(const ClassSchema& of) {
  Json fields = Json::object();
  for (const Field& field : of.fields()) {
    if (!is_internal_field(field.name)) fields[field.name] = encode_field_definition(field);
  }
  Json encoded = {{"className", of.name()}, {"fields", std::move(fields)}};
  if (of.permissions) encoded["classLevelPermissions"] = *of.permissions;
  if (!of.indexes.is_null()) encoded["indexes"] = of.indexes;
  return encoded;
}

}  // namespace parsimony
