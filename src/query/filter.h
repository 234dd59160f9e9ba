// A condition on the objects of one class, as a tree.
//
// REST, Cloud Code and access rules build it; storage/sql compiles it to SQL; a matcher evaluates it in memory. It knows no schema:
// whether a field exists and what type it has is decided by the reader.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "types/collation.h"
#include "types/json.h"
#include "types/pointer.h"

namespace parsimony {

struct Filter;

// "address.city" is {"address", {"city"}}: a field and the way into an Object or Array value.
struct FieldPath {
  std::string field;
  std::vector<std::string> inner;

  static FieldPath parse(std::string_view dotted);
  std::string text() const;
};

// A path as a query may name it: ^[A-Za-z][A-Za-z0-9_.]*$, of at most kMaxPathLength bytes.
inline constexpr std::size_t kMaxPathLength = 1024;
bool is_valid_path(std::string_view dotted);

enum class Comparison {
  Equal,
  NotEqual,
  Less,
  LessOrEqual,
  Greater,
  GreaterOrEqual,
  In,
  NotIn,
  Exists,
  Regex,
  ContainedBy,
  Near,
  WithinSphere,
  WithinBox,
  WithinPolygon,
  Intersects,
  Text
};

// One comparison of one field. `operand` is in Parse's JSON encoding: any value for Equal and NotEqual (null means unset), an array
// for In, NotIn and ContainedBy, a boolean for Exists, a string for Regex; those of places are in query/geo_constraints.h; for Text
// {"term","caseSensitive","diacriticSensitive"}. Near also orders
// what is found, where nothing else does. A date that was given as "$relativeTime" keeps that text
// as a member beside its own, because only Date fields may be compared so.
struct Constraint {
  FieldPath path;
  Comparison comparison;
  Json operand;
  std::string options;                     // Regex only: a subset of "imsxu"
  Collation collation = Collation::Exact;  // of whole String fields in comparisons for equality and order
};

struct AllOf {
  std::vector<Filter> of;
};  // empty: matches everything
struct AnyOf {
  std::vector<Filter> of;
};  // empty: matches nothing
struct NoneOf {
  std::vector<Filter> of;
};

// Objects that `owner`'s relation field `key` holds, when `owner` itself passes `owner_filter` (what the caller may read).
struct RelatedTo {
  Pointer owner;
  std::string key;
  std::vector<Filter> owner_filter;  // none or one
};

// Objects whose field is among what another find answers ($inQuery, $select), or not among it ($notInQuery, $dontSelect). Unset is
// among nothing. Whoever asks puts what the caller may read of the class into `where` first (services/objects/access_conditions.h).
struct SubQuery {
  FieldPath path;
  bool negated = false;
  std::string class_name;
  std::optional<FieldPath> key;       // whose values are the set; none: pointers to the objects themselves
  std::vector<Filter> where;          // one
  std::optional<std::int64_t> limit;  // rows of the other find; none: all
};

// Rows whose ACL grants the right to one of these: "*", a user id, "role:Name". Rows without an ACL are public.
struct Permits {
  enum class Right { Read, Write };
  Right right;
  std::vector<std::string> principals;
};

struct Filter {
  std::variant<AllOf, AnyOf, NoneOf, Constraint, RelatedTo, SubQuery, Permits> node = AllOf{};

  bool matches_all() const;  // an AllOf without members
};

Filter all_of(std::vector<Filter> filters);  // flattens, drops what matches everything
Filter equals(std::string field, Json value);

// The id when the filter asks exactly for one objectId and nothing else: Parse treats such a find as a get for permissions.
const std::string* exact_object_id(const Filter& filter);

}  // namespace parsimony
