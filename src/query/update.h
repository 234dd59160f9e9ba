// What a create or an update does to the fields of an object: plain values and `__op` operators (rest-api.md, section 4.1).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "query/filter.h"
#include "types/field_type.h"
#include "types/json.h"

namespace parsimony {

enum class UpdateKind { Set, Delete, Increment, Add, AddUnique, Remove, SetOnInsert, AddRelation, RemoveRelation };

// One change of one field. `operand`: the value for Set and SetOnInsert; the amount for Increment; the array of values for Add,
// AddUnique, Remove; the array of encoded pointers for the relation kinds; null for Delete. {"__op":"Batch"} is one FieldUpdate for
// each of its members.
struct FieldUpdate {
  FieldPath path;
  UpdateKind kind = UpdateKind::Set;
  Json operand;
};

using Update = std::vector<FieldUpdate>;

inline constexpr std::size_t kMaxFieldsInUpdate = 2000;
inline constexpr std::size_t kMaxDottedUpdates = 200;    // each takes time linear in the field's value
inline constexpr std::size_t kMaxBatchOperations = 100;  // in one {"__op":"Batch"}

// Reads the body of a create or an update. Names and values are checked for form, not against a schema.
// Throws 105, 107, 108, 111, 121 as the reference lists them.
Update parse_update(const Json& body);

// The type a field must have for this change, if it says anything about it: null and Delete say nothing.
std::optional<FieldSpec> implied_type(const FieldUpdate& update);

// The value of the field after the change; null when it is unset. `current` is the value before (null JSON when unset) and
// `is_create` whether the object is being made. Not for relation kinds. With a dotted path, `current` and the result are the value of
// the whole top-level field; move `current` in where several updates follow each other, so that it is not copied each time.
// Throws 111 when the current value does not fit the operator.
Json apply_update(const FieldUpdate& update, Json current, bool is_create);

inline bool is_relation_update(const FieldUpdate& u) { return u.kind == UpdateKind::AddRelation || u.kind == UpdateKind::RemoveRelation; }
// Whether the answer to a save shows the field's new value (Increment, Add, AddUnique, Remove).
bool answers_with_value(const FieldUpdate& update);

}  // namespace parsimony
