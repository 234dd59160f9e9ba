// Headers that the users' code adds to an answer.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "types/json.h"

namespace parsimony {

// Those of {"name": "value",...}. Left out, with a line in the log: names that are none, values with control characters, texts of more
// than 8 KB, and what says how the answer is sent, like its length. Null, or no object: none.
std::vector<std::pair<std::string, std::string>> headers_of_code(const Json* headers);

}  // namespace parsimony
