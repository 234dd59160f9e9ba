// What a find asks for beside its filter: order, page, fields, includes.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "query/filter.h"
#include "query/where_parser.h"

namespace parsimony {

// The name by which keys and order mean the score of a Text constraint.
inline constexpr std::string_view kScoreKey = "$score";

struct SortKey {
  FieldPath path;
  bool descending = false;
  // In place of the field's value: how far it lies from the point of a Near constraint, or how well it answers a Text constraint.
  std::optional<Constraint> measure = std::nullopt;
  Collation collation = Collation::Exact;  // of String fields
};

// Which fields an answer shows. Nothing given: all of them. objectId, createdAt, updatedAt and ACL are always shown.
struct FieldSelection {
  std::optional<std::vector<std::string>> keys;  // top-level names
  std::vector<std::string> excluded;

  bool shows(std::string_view field) const;
  bool shows_everything() const { return !keys && excluded.empty(); }
};

// The pointers to follow: field name → what to follow in the object found there, and which fields to show of it ("keys=a.b" shows
// only b of the object in a).
struct IncludeTree {
  std::map<std::string, IncludeTree, std::less<>> children;
  FieldSelection selection;

  bool empty() const { return children.empty(); }
};

struct FindOptions {
  Filter where;
  std::vector<SortKey> order;
  std::optional<std::int64_t> limit;  // 0 returns no rows
  std::int64_t skip = 0;
  bool count = false;
  std::vector<std::string> sums;  // Number fields whose sum over all matching objects is asked for
  FieldSelection selection;
  bool score = false;  // keys=$score: each object tells how well it answers the Text constraint, as `score`
  IncludeTree include;
  bool include_all = false;
  bool explain = false;
  bool is_get = false;                 // stands for a get by id, whatever its filter says: it needs the permission of one
  bool is_unlimited = false;           // part of another find's answer: without a limit of its own it has none
  std::optional<Collation> collation;  // for every String field; none: each field's own
  std::string redirect_key;            // a relation whose target class is searched in place of the class itself; empty: none
};

inline constexpr std::size_t kMaxSortKeys = 32;
inline constexpr std::size_t kMaxSums = 32;
inline constexpr std::size_t kMaxIncludePaths = 200;
inline constexpr std::size_t kMaxIncludeDepth = 16;

// Reads the parameters of a find, as the REST API names them; a value may be of its own JSON type or text (as in a query string).
// Throws 102 "Invalid parameter for query: x" for one that a find does not know, and what the reference lists for bad values.
// `limits` are those of the conditions; those of the includes are for whoever knows the class.
FindOptions parse_find_options(const Json& parameters, bool allow_internal_fields, const ComplexityLimits& limits = {});
// The same for a get by id, which knows fewer (102 "Improper encode of parameter").
FindOptions parse_get_options(const Json& parameters);

}  // namespace parsimony
