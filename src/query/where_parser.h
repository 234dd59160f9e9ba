// Reads a `where` of the REST API into a Filter (rest-api.md, section 5.1).
#pragma once
#include <cstdint>
#include <optional>

#include "query/filter.h"

namespace parsimony {

// What the owner allows clients to ask for (option requestComplexity); none: no limit beyond those of the product.
struct ComplexityLimits {
  std::optional<std::int64_t> query_depth;     // $or, $and, $nor within each other
  std::optional<std::int64_t> subquery_depth;  // $inQuery and the like within each other
  std::optional<std::int64_t> subquery_limit;  // rows that one of them looks at
  std::optional<std::int64_t> include_depth;
  std::optional<std::int64_t> include_count;
  bool allow_regex = true;
};

struct WhereRules {
  bool allow_internal_fields = false;  // maintenance key: _tombstone and friends may be named
  ComplexityLimits limits = {};
};

inline constexpr std::size_t kMaxWhereDepth = 32;          // $or, $and, $nor and sub-queries within each other
inline constexpr std::size_t kMaxWhereConstraints = 1000;  // in one where

// In `$geoWithin` a bare pair of numbers, also in a Polygon, is [longitude, latitude], as Parse Server reads it there; elsewhere
// polygons are latitude first.
//
// `where` must be a JSON object. Throws 102, 105, 107 as the reference lists them.
Filter parse_where(const Json& where, const WhereRules& rules = {});

}  // namespace parsimony
