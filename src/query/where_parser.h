// Reads a `where` of the REST API into a Filter (rest-api.md, section 5.1).
#pragma once
#include "query/filter.h"

namespace parsimony {

struct WhereRules {
  bool allow_internal_fields = false;  // master: _rperm and friends may be named
};

inline constexpr std::size_t kMaxWhereDepth = 32;          // $or, $and, $nor within each other
inline constexpr std::size_t kMaxWhereConstraints = 1000;  // in one where

// `where` must be a JSON object. Throws 102, 105, 107 as the reference lists them.
Filter parse_where(const Json& where, const WhereRules& rules = {});

}  // namespace parsimony
