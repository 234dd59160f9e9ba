// The types a field can have, and which type a value in Parse's JSON encoding has.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "types/json.h"

namespace parsimony {

enum class FieldType { String, Number, Boolean, Date, Object, Array, GeoPoint, Polygon, File, Bytes, Pointer, Relation, Acl };

// A type and, for pointers and relations, the class they lead to.
struct FieldSpec {
  FieldType type;
  std::string target_class;  // Pointer and Relation only

  bool operator==(const FieldSpec&) const = default;
};

std::string_view to_text(FieldType type);                              // "String", ... "ACL"
std::optional<FieldType> field_type_from_text(std::string_view text);  // case-sensitive
// As Parse's error messages name it: "Number", "Pointer<Product>", "Relation<Product>".
std::string describe(const FieldSpec& spec);

// The type of a value in Parse's JSON encoding (rest-api.md, section 3; `__type` decides for objects). Nothing for null.
// Throws 111 "This is not a valid <type>" for an encoded value with missing or malformed parts, 107 for a polygon of too few points.
std::optional<FieldSpec> type_of_value(const Json& value);

// Throws 121 when a key within `value`, at any depth, contains '$' or '.'.
void require_valid_nested_keys(const Json& value);

}  // namespace parsimony
