#include "types/class_index.h"

#include <algorithm>
#include <optional>

#include "common/error.h"

namespace parsimony {
namespace {

constexpr std::string_view kUnique = "unique";
constexpr std::string_view kPointerPrefix = "_p_";  // as MongoDB names the columns of pointers

Error bad_index(const std::string& name, const std::string& reason) { return {error_code::kInvalidQuery, "Index " + name + " " + reason}; }

std::optional<IndexKey::Kind> kind_of(const Json& value) {
  if (value == Json(1)) return IndexKey::Kind::Ascending;
  if (value == Json(-1)) return IndexKey::Kind::Descending;
  if (value == Json("text")) return IndexKey::Kind::Text;
  if (value == Json("2dsphere")) return IndexKey::Kind::Sphere;
  return std::nullopt;
}

std::string field_of_key(const std::string& key) { return key.starts_with(kPointerPrefix) ? key.substr(kPointerPrefix.size()) : key; }

}  // namespace

bool ClassIndex::has(IndexKey::Kind kind) const {
  return std::any_of(keys.begin(), keys.end(), [&](const IndexKey& key) { return key.kind == kind; });
}

bool ClassIndex::names(std::string_view field) const {
  return std::any_of(keys.begin(), keys.end(), [&](const IndexKey& key) { return key.field == field; });
}

Json id_index() { return {{"_id", 1}}; }

ClassIndex decode_index(const std::string& name, const Json& definition) {
  if (!definition.is_object()) throw bad_index(name, "must be an object of fields.");
  ClassIndex index;
  index.name = name;
  for (const auto& [key, value] : definition.items()) {
    if (key == kUnique && value.is_boolean()) {
      index.is_unique = value.get<bool>();
      continue;
    }
    const auto kind = kind_of(value);
    if (!kind) throw bad_index(name, "has no known direction for " + key + "; use 1, -1, \"text\" or \"2dsphere\".");
    index.keys.push_back({field_of_key(key), *kind});
  }
  if (index.keys.empty()) throw bad_index(name, "has no fields.");
  return index;
}

std::vector<ClassIndex> decode_indexes(const Json& indexes) {
  std::vector<ClassIndex> decoded;
  if (!indexes.is_object()) return decoded;
  for (const auto& [name, definition] : indexes.items()) {
    if (name != kIdIndexName) decoded.push_back(decode_index(name, definition));
  }
  return decoded;
}

}  // namespace parsimony
