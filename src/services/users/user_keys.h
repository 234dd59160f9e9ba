// The internal fields by which users are found: they follow from what a user is called, and are written together with it.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "types/json.h"

namespace parsimony {

// {"_username_key", "ann"} for {"username", "Ann"}: names and emails without regard to case, the id in authData as it is; null where the
// value is unset or no text. Nothing for other fields.
std::optional<std::pair<std::string, Json>> user_key(std::string_view field, const Json& value);

// Whether the field is one of these.
bool is_user_key(std::string_view field);

}  // namespace parsimony
