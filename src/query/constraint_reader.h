// Reads the operators of one field in a `where`; where_parser.cpp reads the tree around them.
#pragma once
#include <string_view>

#include "query/filter.h"

namespace parsimony {

// The longest part of a client's text that an error repeats.
inline constexpr std::size_t kMaxEchoedLength = 100;
[[noreturn]] void refuse_query(int code, std::string_view reason, std::string_view detail = {});

// A value as it is compared: dates in their stored form; an object that a query included counts as a pointer to it.
Json read_operand(const Json& value);

// One operator. `around` is the constraint object that holds it, because "$regex" reads "$options" beside it.
// Throws 107 "bad constraint: $x" for an unknown one, and what the reference lists for bad operands.
Filter read_operator(const FieldPath& path, std::string_view op, const Json& operand, const Json& around);

// Whether the name is read by another operator of the same constraint object ("$options", "$maxDistance").
bool belongs_to_other_operator(std::string_view op, const Json& around);

}  // namespace parsimony
