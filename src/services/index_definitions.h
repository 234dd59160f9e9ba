// Checking and changing the indexes of a class (rest-api.md, section 8).
#pragma once
#include "types/class_schema.h"

namespace parsimony {

inline constexpr std::size_t kMaxIndexes = 64;  // of one class
inline constexpr std::size_t kMaxIndexKeys = 32;

// The indexes of the class after a request {"name":{"field":1},"old":{"__op":"Delete"}}, as ClassSchema::indexes holds them. `of` has
// the fields that it will have. Throws 102.
Json indexes_after(const ClassSchema& of, const Json& request);

}  // namespace parsimony
