// Query strings with brackets, where[score][$gt]=5, as Express reads them for Parse Server.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "types/json.h"

namespace parsimony {

inline constexpr std::size_t kMaxBrackets = 5;  // of one name; Express nests no deeper

// One object of all parameters. "a[b][c]" is a member of a member of "a", "a[]" the next element of "a"; members that are named by
// positions from 0 on make a list. Of equal names the last wins. A name whose brackets do not match is taken as it is.
// Throws 102 for more brackets than may be.
Json read_bracket_query(std::vector<std::pair<std::string, Json>> parameters);

}  // namespace parsimony
