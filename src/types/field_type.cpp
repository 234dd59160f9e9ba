#include "types/field_type.h"

#include <array>
#include <utility>

#include "common/error.h"
#include "types/date.h"
#include "types/geo.h"
#include "types/pointer.h"

namespace parsimony {
namespace {

constexpr std::size_t kMaxEchoLength = 100;

constexpr std::array<std::pair<FieldType, std::string_view>, 13> kTypeNames = {{
    {FieldType::String, "String"},
    {FieldType::Number, "Number"},
    {FieldType::Boolean, "Boolean"},
    {FieldType::Date, "Date"},
    {FieldType::Object, "Object"},
    {FieldType::Array, "Array"},
    {FieldType::GeoPoint, "GeoPoint"},
    {FieldType::Polygon, "Polygon"},
    {FieldType::File, "File"},
    {FieldType::Bytes, "Bytes"},
    {FieldType::Pointer, "Pointer"},
    {FieldType::Relation, "Relation"},
    {FieldType::Acl, "ACL"},
}};

bool has_text(const Json& value, std::string_view name) {
  const std::string* text = find_string(value, name);
  return text != nullptr && !text->empty();
}

std::optional<FieldSpec> plain_if(bool is_valid, FieldType type) { return is_valid ? std::optional<FieldSpec>({type, {}}) : std::nullopt; }

std::optional<FieldSpec> read_pointer(const Json& value) {
  if (!has_text(value, "className") || !has_text(value, "objectId")) return std::nullopt;
  return FieldSpec{FieldType::Pointer, *find_string(value, "className")};
}

std::optional<FieldSpec> read_relation(const Json& value) {
  if (!has_text(value, "className")) return std::nullopt;
  return FieldSpec{FieldType::Relation, *find_string(value, "className")};
}

std::optional<FieldSpec> read_polygon(const Json& value) {
  const Json* coordinates = find_member(value, "coordinates");
  if (coordinates != nullptr && coordinates->is_array() && coordinates->size() < kMinPolygonPoints)
    throw Error(error_code::kInvalidJson, "Polygon must have at least " + std::to_string(kMinPolygonPoints) + " values");
  return plain_if(decode_polygon(value).has_value(), FieldType::Polygon);
}

// One row for each `__type` that may be stored; nothing is returned for a malformed value.
struct EncodedType {
  std::string_view name;
  std::optional<FieldSpec> (*read)(const Json& value);
};
constexpr EncodedType kEncodedTypes[] = {
    {"Date", [](const Json& value) { return plain_if(decode_date(value).has_value(), FieldType::Date); }},
    {"GeoPoint", [](const Json& value) { return plain_if(decode_geo_point(value).has_value(), FieldType::GeoPoint); }},
    {"Polygon", read_polygon},
    {"File", [](const Json& value) { return plain_if(has_text(value, "name"), FieldType::File); }},
    {"Bytes", [](const Json& value) { return plain_if(has_text(value, "base64"), FieldType::Bytes); }},
    {"Pointer", read_pointer},
    {"Relation", read_relation},
};

[[noreturn]] void refuse(std::string_view type_name) {
  throw Error(error_code::kIncorrectType, "This is not a valid " + std::string(type_name.substr(0, kMaxEchoLength)));
}

FieldSpec type_of_encoded(const std::string& type_name, const Json& value) {
  for (const EncodedType& type : kEncodedTypes) {
    if (type.name != type_name) continue;
    if (auto spec = type.read(value)) return *spec;
  }
  refuse(type_name);
}

// What JavaScript takes for false; such a `__type` marks nothing.
bool is_falsy(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null: return true;
    case Json::value_t::boolean: return !value.get<bool>();
    case Json::value_t::string: return value.get_ref<const std::string&>().empty();
    default: return value.is_number() && value.get<double>() == 0;
  }
}

FieldSpec type_of_object(const Json& value) {
  const Json* type = find_member(value, "__type");
  if (type == nullptr || is_falsy(*type)) return {FieldType::Object, {}};
  const auto* type_name = type->get_ptr<const std::string*>();
  if (type_name == nullptr) refuse(to_json_text(*type));
  return type_of_encoded(*type_name, value);
}

}  // namespace

std::string_view to_text(FieldType type) {
  for (const auto& [known, name] : kTypeNames)
    if (known == type) return name;
  return {};
}

std::optional<FieldType> field_type_from_text(std::string_view text) {
  for (const auto& [type, name] : kTypeNames)
    if (name == text) return type;
  return std::nullopt;
}

std::string describe(const FieldSpec& spec) {
  std::string text(to_text(spec.type));
  if (spec.type == FieldType::Pointer || spec.type == FieldType::Relation) text.append("<").append(spec.target_class).append(">");
  return text;
}

std::optional<FieldSpec> type_of_value(const Json& value) {
  if (value.is_null()) return std::nullopt;
  if (value.is_string()) return FieldSpec{FieldType::String, {}};
  if (value.is_number()) return FieldSpec{FieldType::Number, {}};
  if (value.is_boolean()) return FieldSpec{FieldType::Boolean, {}};
  if (value.is_array()) return FieldSpec{FieldType::Array, {}};
  return type_of_object(value);
}

void require_valid_nested_keys(const Json& value) {
  if (const auto* members = value.get_ptr<const Json::object_t*>()) {
    for (const auto& [name, member] : *members) {
      if (name.find_first_of("$.") != std::string::npos)
        throw Error(error_code::kInvalidNestedKey, "Nested keys should not contain the '$' or '.' characters");
      require_valid_nested_keys(member);
    }
  } else if (value.is_array()) {
    for (const Json& element : value) require_valid_nested_keys(element);
  }
}

}  // namespace parsimony
