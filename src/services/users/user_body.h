// What a sign-up or a change says about a user, taken apart (rest-api.md, section 10).
#pragma once
#include <optional>
#include <string>

#include "services/users/user_settings.h"
#include "types/json.h"

namespace parsimony {

// The ways to sign in beside a password: provider -> what it says of the user. Null unlinks it.
struct AuthData {
  Json providers = Json::object();
  bool is_given = false;  // the body has authData, whatever is in it
};

struct UserBody {
  Json fields;  // what is left, for the class's own rules
  std::optional<std::string> username;
  std::optional<std::string> email;
  std::optional<std::string> password;
  AuthData auth_data;
};

// Throws 252 and 162 for authData that cannot be used.
void check_auth_data(const Json& providers, const UserSettings& settings);

// Whether the body of a sign-up has authData that could sign somebody in.
bool has_auth_data(const Json& json);

// Throw 200, 201 for a missing name or password, 125 for what is no email address, 252 and 162 for authData that cannot be used.
// The second is of a sign-up whose authData has been checked: it needs no name.
UserBody read_new_user(const Json& json, const UserSettings& settings);
UserBody read_linked_user(const Json& json, const UserSettings& settings);
UserBody read_user_change(const Json& json, const UserSettings& settings);

}  // namespace parsimony
