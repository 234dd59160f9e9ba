// Which roles a user holds (server-behaviour.md, section 8).
#pragma once
#include <string>
#include <vector>

#include "storage/store.h"

namespace parsimony {

// "role:Name" of every role that has the user among its `users`, and of every role that has one of these among its `roles`, and so on.
// Each once, whatever circles there are. Read as it is now: nothing is kept.
std::vector<std::string> roles_of(Reads& reads, const std::string& user_id);

// The same roles, each with why it is held; one query a role.
struct HeldRole {
  std::string name;     // "role:Name"
  std::string through;  // the held role that is among its `roles`; empty: the user is among its `users`
};
std::vector<HeldRole> held_roles_of(Reads& reads, const std::string& user_id);

}  // namespace parsimony
