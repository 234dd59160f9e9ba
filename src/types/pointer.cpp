#include "types/pointer.h"

namespace parsimony {

Json encode_pointer(std::string_view class_name, std::string_view object_id) {
  return {{"__type", "Pointer"}, {"className", class_name}, {"objectId", object_id}};
}

std::optional<Pointer> decode_pointer(const Json& value) {
  const std::string* type = find_string(value, "__type");
  const std::string* class_name = find_string(value, "className");
  const std::string* object_id = find_string(value, "objectId");
  if (type == nullptr || *type != "Pointer" || class_name == nullptr || object_id == nullptr) return std::nullopt;
  return Pointer{*class_name, *object_id};
}

Json encode_relation(std::string_view class_name) { return {{"__type", "Relation"}, {"className", class_name}}; }

}  // namespace parsimony
