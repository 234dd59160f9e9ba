// What values of a field are compared by, where the type of the field is known.
//
// A Date by its normalized text, a Pointer by its objectId, a File by its name, Bytes by their base64 text, a Polygon by the text of
// its closed ring; a String, Number or Boolean as it is; a GeoPoint by an encoding of its two numbers alone. A bare text stands for the
// date, the id, the name or the bytes that it spells, as Parse Server takes it in a `where`.
#pragma once
#include <optional>

#include "types/field_type.h"
#include "types/json.h"

namespace parsimony {

// Of an operand or of a stored value. Nothing for one of another type (a Pointer to another class among them), which equals no value of
// the field; nothing for Object, Array and ACL, which are compared as a whole; a Relation is compared by the ids that it holds.
std::optional<Json> comparable(const FieldSpec& field, const Json& value);

}  // namespace parsimony
