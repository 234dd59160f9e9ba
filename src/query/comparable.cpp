#include "query/comparable.h"

#include <string>
#include <string_view>

#include "types/date.h"
#include "types/geo.h"
#include "types/pointer.h"

namespace parsimony {
namespace {

std::optional<Json> value_if(bool is_of_type, const Json& value) { return is_of_type ? std::optional(value) : std::nullopt; }

std::optional<Json> date(const Json& value) {
  auto iso = decode_date(value);
  return iso ? std::optional<Json>(std::move(*iso)) : std::nullopt;
}

std::optional<Json> object_id(const std::string& target_class, const Json& value) {
  if (value.is_string()) return value;
  auto pointer = decode_pointer(value);
  if (!pointer || pointer->class_name != target_class) return std::nullopt;
  return std::move(pointer->object_id);
}

std::optional<Json> text_or_member(const Json& value, std::string_view name) {
  if (value.is_string()) return value;
  const std::string* text = find_string(value, name);
  return text ? std::optional<Json>(*text) : std::nullopt;
}

std::optional<Json> point(const Json& value) {
  const auto point = decode_geo_point(value);
  return point ? std::optional(encode(*point)) : std::nullopt;
}

std::optional<Json> ring(const Json& value) {
  const auto ring = decode_polygon(value);
  return ring ? std::optional<Json>(to_json_text(encode_polygon(*ring).at("coordinates"))) : std::nullopt;
}

}  // namespace

std::optional<Json> comparable(const FieldSpec& field, const Json& value) {
  switch (field.type) {
    case FieldType::String: return value_if(value.is_string(), value);
    case FieldType::Number: return value_if(value.is_number(), value);
    case FieldType::Boolean: return value_if(value.is_boolean(), value);
    case FieldType::Date: return date(value);
    case FieldType::Pointer:
    case FieldType::Relation: return object_id(field.target_class, value);
    case FieldType::File: return text_or_member(value, "name");
    case FieldType::Bytes: return text_or_member(value, "base64");
    case FieldType::GeoPoint: return point(value);
    case FieldType::Polygon: return ring(value);
    default: return std::nullopt;
  }
}

}  // namespace parsimony
