// A reference to an object: {"__type":"Pointer","className":C,"objectId":id}.
#pragma once
#include <optional>
#include <string>

#include "types/json.h"

namespace parsimony {

struct Pointer {
  std::string class_name;
  std::string object_id;

  bool operator==(const Pointer&) const = default;
};

Json encode_pointer(std::string_view class_name, std::string_view object_id);
inline Json encode(const Pointer& pointer) { return encode_pointer(pointer.class_name, pointer.object_id); }
// Nothing when `value` is no well-formed pointer (className and objectId as strings).
std::optional<Pointer> decode_pointer(const Json& value);

// {"__type":"Relation","className":C}
Json encode_relation(std::string_view class_name);

}  // namespace parsimony
