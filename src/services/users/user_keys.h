// The internal fields by which users are found: they follow from what a user is called, and are written together with it.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "types/json.h"

namespace parsimony {

// {"_username_key", "ann"} for {"username", "Ann"}: names and emails without regard to case, null where the value is unset or no text. For
// authData {"_auth_id_anonymous", id}, and the same for each provider in it that knows the user by an id; the class need not have those
// fields. Nothing for other fields.
std::vector<std::pair<std::string, Json>> user_keys(std::string_view field, const Json& value);

// The field that holds the id of a provider's users.
std::string auth_key(std::string_view provider);

// Whether the field is one of these.
bool is_user_key(std::string_view field);

}  // namespace parsimony
