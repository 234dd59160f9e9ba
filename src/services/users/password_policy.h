// Which passwords may be set, and for how long they are good (server-behaviour.md, section 9).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "services/users/password_hasher.h"
#include "services/users/user_settings.h"
#include "types/json.h"

namespace parsimony {

// Throws 142 for a password that the policy does not allow.
void require_allowed_password(const PasswordPolicy& policy, const std::string& password, const std::string& username);

// Throws 142 unless the answer of the policy's judge means yes; null: it answered nothing.
void require_good_judgement(const PasswordPolicy& policy, const Json* answer);

// Throws 142 for the current password or one of the last ones. `user` is the row as stored.
void require_new_password(const PasswordPolicy& policy, PasswordHasher& hasher, const std::string& password, const Json& user);

// What `_password_history` holds when the user's current password is replaced; null when none is kept.
Json history_after_change(const PasswordPolicy& policy, const Json& user);

// Throws 101 when the password is older than the policy allows.
void require_fresh_password(const PasswordPolicy& policy, const Json& user);

}  // namespace parsimony
