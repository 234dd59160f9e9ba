// What a sign-up or a change says about a user, taken apart (rest-api.md, section 10).
#pragma once
#include <optional>
#include <string>

#include "types/json.h"

namespace parsimony {

// The ways to sign in beside a password: provider -> what it says of the user. Null unlinks it.
struct AuthData {
  Json providers = Json::object();
  bool is_given = false;  // the body has authData, whatever is in it

  // The id by which anonymous users are known; empty when it is not there.
  std::string anonymous_id() const;
  // "anonymous", ..., of the first provider that links; empty when none does.
  std::string provider() const;
};

struct UserBody {
  Json fields;  // what is left, for the class's own rules
  std::optional<std::string> username;
  std::optional<std::string> email;
  std::optional<std::string> password;
  AuthData auth_data;
};

// Throws 252 and 162 for authData that cannot be used.
void check_auth_data(const Json& providers, bool allows_anonymous);

// Throw 200, 201 for a missing name or password, 125 for what is no email address, 252 and 162 for authData that cannot be used.
UserBody read_new_user(const Json& json, bool allows_anonymous);
UserBody read_user_change(const Json& json, bool allows_anonymous);

}  // namespace parsimony
