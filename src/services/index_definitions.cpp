#include "services/index_definitions.h"

#include <algorithm>

#include "common/error.h"
#include "types/class_index.h"

namespace parsimony {
namespace {

Error bad_query(const std::string& message) { return {error_code::kInvalidQuery, message}; }

bool is_deletion(const Json& definition) {
  const std::string* op = find_string(definition, "__op");
  return op && *op == "Delete";
}

bool is_index_name(const std::string& name) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
  return !name.empty() && name.size() <= kMaxNameLength && std::none_of(name.begin(), name.end(), is_control);
}

// `key` is as the request writes it.
void require_indexable(const ClassSchema& of, const IndexKey& key, const std::string& index) {
  const Field* field = of.find(key.field);
  if (!field || is_internal_field(key.field)) throw bad_query("Field " + key.field + " does not exist, cannot add index.");
  const FieldType type = field->spec.type;
  if (type == FieldType::Relation || type == FieldType::Acl) {
    throw bad_query("Index " + index + " cannot hold the field " + key.field + ", which is of type " + describe(field->spec) + ".");
  }
}

void require_valid_index(const ClassSchema& of, const std::string& name, const Json& definition) {
  if (!is_index_name(name)) {
    throw bad_query("Invalid index name; it needs 1 to " + std::to_string(kMaxNameLength) + " bytes without control characters.");
  }
  const ClassIndex index = decode_index(name, definition);
  for (const IndexKey& key : index.keys) require_indexable(of, key, name);
  if (index.keys.size() > kMaxIndexKeys) throw bad_query("Index " + name + " has more than " + std::to_string(kMaxIndexKeys) + " fields.");
  const bool is_plain = !index.has(IndexKey::Kind::Text) && !index.has(IndexKey::Kind::Sphere);
  if (index.is_unique && !is_plain) throw bad_query("Index " + name + " cannot be unique over \"text\" or \"2dsphere\".");
}

void remove_index(Json& indexes, const std::string& name) {
  if (!indexes.contains(name)) throw bad_query("Index " + name + " does not exist, cannot delete.");
  if (name == kIdIndexName) throw bad_query("Index " + name + " cannot be deleted.");
  indexes.erase(name);
}

void add_index(Json& indexes, const ClassSchema& of, const std::string& name, const Json& definition) {
  if (indexes.contains(name)) throw bad_query("Index " + name + " exists, cannot update.");
  if (name == kIdIndexName && definition == id_index()) return;
  require_valid_index(of, name, definition);
  indexes[name] = definition;
}

}  // namespace

Json indexes_after(const ClassSchema& of, const Json& request) {
  if (!request.is_object()) throw bad_query("indexes must be an object");
  if (request.empty()) return of.indexes;
  Json indexes = of.indexes.is_object() ? of.indexes : Json::object();
  for (const auto& [name, definition] : request.items()) {
    if (is_deletion(definition)) {
      remove_index(indexes, name);
    } else {
      add_index(indexes, of, name, definition);
    }
  }
  if (!indexes.contains(kIdIndexName)) indexes[kIdIndexName] = id_index();
  if (indexes.size() > kMaxIndexes) throw bad_query("A class cannot have more than " + std::to_string(kMaxIndexes) + " indexes.");
  return indexes;
}

}  // namespace parsimony
