// Which roles a user holds (server-behaviour.md, section 8).
#pragma once
#include <string>
#include <vector>

#include "storage/store.h"

namespace parsimony {

// "role:Name" of every role that has the user among its `users`, and of every role that has one of these among its `roles`, and so on.
// Each once, whatever circles there are. Read as it is now: nothing is kept.
std::vector<std::string> roles_of(Reads& reads, const std::string& user_id);

}  // namespace parsimony
