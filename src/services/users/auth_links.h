// Who is linked to which account elsewhere: the authData of users.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "storage/store.h"

namespace parsimony {

// Makes the fields by which users of these providers are found, and fills them for the users that are there.
void ensure_auth_keys(Store& store, const std::vector<std::string>& providers);

// The users whom one of the ids in authData names, each once.
std::vector<Json> users_with_auth(Reads& reads, const Json& auth_data);

// Throws 208 when another user than `own_id` has one of the ids.
void require_free_auth(Reads& reads, const std::string& own_id, const Json& auth_data);

// What a user is linked to after a change, where null takes a link away. `stored` may be null.
Json merged_auth(const Json* stored, const Json& change);

// What is written of it: authData, and the keys of `providers`, of users by name beside those.
std::vector<std::pair<std::string, Json>> auth_values(const Json& auth_data, const std::vector<std::string>& providers);

// "a,b": as sessions name the providers by which somebody came. Empty for none.
std::string provider_names(const Json& auth_data);

}  // namespace parsimony
