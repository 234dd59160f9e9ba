// Whether a value in Parse's JSON encoding meets a comparison, in memory.
//
// The meaning is MongoDB's where the engines of Parse Server differ: an unset value differs from everything, an array meets a
// comparison when one of its elements does.
#pragma once
#include "query/filter.h"
#include "query/regex.h"

namespace parsimony {

// `value` is null when unset. `regex` is the compiled operand of Comparison::Regex, otherwise unused.
// Throws 102 when the regular expression gives up.
bool value_matches(const Json& value, Comparison comparison, const Json& operand, const Regex* regex = nullptr);

// The value at the end of the way into an Object or Array value; null when there is none. A number in the way is an index
// in an array.
const Json* value_at(const Json& value, const std::vector<std::string>& way);

}  // namespace parsimony
