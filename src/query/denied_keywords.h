// Words that no data from outside may hold (option requestKeywordDenylist).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "types/json.h"

namespace parsimony {

// Such a key, such a value, or both together.
struct DeniedKeyword {
  std::optional<std::string> key;
  Json value;  // null: any value
};

// Throws 105 where one stands at any depth of `data`.
void refuse_denied_keywords(const Json& data, const std::vector<DeniedKeyword>& denied);

}  // namespace parsimony
