#include "services/schemas/schema_service.h"

#include "services/builtin_classes.h"
#include "services/class_rules.h"
#include "services/definitions.h"
#include "services/field_definition.h"
#include "services/index_definitions.h"
#include "types/class_index.h"

namespace parsimony {
namespace {

Error does_not_exist(const std::string& class_name) { return {error_code::kInvalidClassName, "Class " + class_name + " does not exist."}; }

const ClassSchema& require_class(const SchemaSnapshot& classes, const std::string& class_name) {
  if (const ClassSchema* of = classes.find(class_name)) return *of;
  throw does_not_exist(class_name);
}

// For a change an internal class is not there, as in Parse Server.
const ClassSchema& require_changeable_class(const SchemaSnapshot& classes, const std::string& class_name) {
  if (is_internal_class(class_name)) throw does_not_exist(class_name);
  return require_class(classes, class_name);
}

Error exists_already(const std::string& class_name) { return {error_code::kInvalidClassName, "Class " + class_name + " already exists."}; }

// Parse Server shows no permissions for the classes that only it can reach.
Json encode_for_client(const ClassSchema& of) {
  Json encoded = encode_definition(of);
  if (is_internal_class(of.name())) encoded["classLevelPermissions"] = Json::object();
  return encoded;
}

void refuse_default_fields(const std::string& class_name, const Json& fields) {
  if (!fields.is_object()) return;
  for (const auto& [name, definition] : fields.items()) {
    if (is_default_field(class_name, name)) throw Error(error_code::kFieldNotChangeable, "field " + name + " cannot be added");
  }
}

bool is_deletion(const Json& definition) {
  const std::string* op = find_string(definition, "__op");
  return op && *op == "Delete";
}

void delete_field(Transaction& transaction, const ClassSchema& of, const std::string& name) {
  if (is_default_field(of.name(), name)) throw Error(error_code::kFieldNotChangeable, "field " + name + " cannot be changed");
  if (!of.find(name)) throw Error(error_code::kInvalidSchemaOperation, "Field " + name + " does not exist, cannot delete.");
  transaction.drop_field(of, name);
}

void set_field(Transaction& transaction, const ClassSchema& of, const std::string& name, const Json& definition) {
  const Field* known = of.find(name);
  if (known && is_default_field(of.name(), name)) return require_shown_type(*known, definition);
  Field field = read_field_definition(of.name(), name, definition);
  if (known && known->spec != field.spec) throw field_exists(name);
  if (!known) {
    if (of.fields().size() >= kMaxFields) {
      throw Error(error_code::kInvalidSchemaOperation, "A class cannot have more than " + std::to_string(kMaxFields) + " fields.");
    }
    transaction.add_field(of, std::move(field));
  } else {
    field.column = known->column;
    transaction.redefine(of.with_field(std::move(field)));
  }
}

// Deletions first, so that a field can be deleted and made anew with another type in one call.
void change_fields(Transaction& transaction, const std::string& class_name, const Json& fields) {
  if (!fields.is_object()) throw Error(error_code::kInvalidJson, "fields must be an object");
  for (const bool deletes : {true, false}) {
    for (const auto& [name, definition] : fields.items()) {
      if (is_deletion(definition) != deletes) continue;
      const ClassSchema& of = require_class(transaction.schema(), class_name);
      deletes ? delete_field(transaction, of, name) : set_field(transaction, of, name, definition);
    }
  }
  require_single_geo_point(require_class(transaction.schema(), class_name).fields());
}

void change_indexes(Transaction& transaction, const std::string& class_name, const Json& request) {
  if (request.is_null()) return;
  ClassSchema changed = require_class(transaction.schema(), class_name);
  changed.indexes = indexes_after(changed, request);
  transaction.redefine(changed);
}

}  // namespace

void SchemaService::require_unlocked() const {
  if (!settings_.lock_schemas) return;
  throw forbidden(settings_.refusals,
                  "Cannot perform this operation when schemas options is used, because the `schema.lockSchemas` option is enabled.");
}

Json SchemaService::list() const {
  Json results = Json::array();
  store_.read([&](Reads& reads) {
    for (const auto& [name, of] : reads.schema().classes) {
      if (!is_internal_class(name)) results.push_back(encode_definition(*of));
    }
  });
  return {{"results", std::move(results)}};
}

Json SchemaService::get(const std::string& class_name) const {
  Json definition;
  store_.read([&](Reads& reads) { definition = encode_for_client(require_class(reads.schema(), class_name)); });
  return definition;
}

Json SchemaService::create(const std::string& class_name, const Json& body) const {
  require_unlocked();
  if (!body.is_object()) throw Error(error_code::kInvalidJson, "A class definition must be an object.");
  Json json = body;
  json["className"] = class_name;
  if (const Json* fields = find_member(json, "fields")) refuse_default_fields(class_name, *fields);
  if (is_internal_class(class_name)) throw exists_already(class_name);
  const ClassSchema definition = parse_definition(json, NewClass::Open);
  Json created;
  store_.write([&](Transaction& transaction) {
    if (transaction.schema().find(class_name)) throw exists_already(class_name);
    created = encode_definition(transaction.create_class(definition));
  });
  if (created.contains("indexes")) created["indexes"].erase(kIdIndexName);  // Parse Server shows it from the next answer on
  return created;
}

Json SchemaService::update(const std::string& class_name, const Json& body) const {
  require_unlocked();
  Json updated;
  store_.write([&](Transaction& transaction) {
    require_changeable_class(transaction.schema(), class_name);
    if (const Json* fields = find_member(body, "fields")) change_fields(transaction, class_name, *fields);
    if (const Json* indexes = find_member(body, "indexes")) change_indexes(transaction, class_name, *indexes);
    const Json* permissions = find_member(body, "classLevelPermissions");
    if (permissions && !permissions->is_null()) {
      ClassSchema changed = require_class(transaction.schema(), class_name);
      changed.permissions = complete_permissions(*permissions, changed);
      transaction.redefine(changed);
    }
    updated = encode_definition(require_class(transaction.schema(), class_name));
  });
  return updated;
}

void SchemaService::remove(const std::string& class_name) const {
  require_unlocked();
  if (!is_valid_class_name(class_name)) throw invalid_class_name(class_name);
  if (is_internal_class(class_name)) return;
  store_.write([&](Transaction& transaction) {
    const ClassSchema* of = transaction.schema().find(class_name);
    if (!of) return;
    const std::int64_t objects = transaction.count(*of, Filter{});
    if (objects > 0) {
      throw Error(error_code::kInvalidSchemaOperation,
                  "Class " + class_name + " is not empty, contains " + std::to_string(objects) + " objects, cannot drop schema.");
    }
    transaction.drop_class(class_name);
  });
}

}  // namespace parsimony
