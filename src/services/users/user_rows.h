// Finding users, and what must hold between them.
#pragma once
#include <optional>
#include <string>

#include "access/caller.h"
#include "services/settings.h"
#include "storage/store.h"

namespace parsimony {

const ClassSchema& user_class(const Reads& reads);

// The row with every field, also the internal ones.
std::optional<Json> find_user(Reads& reads, const std::string& user_id);

// The user whom a login means: whose email is `email`, whose name is `username`, or both; a name may hold the email. Texts match exactly;
// of several users one with that very name goes first.
std::optional<Json> find_user_for_login(Reads& reads, const std::optional<std::string>& username, const std::optional<std::string>& email);

// Throws 202 or 203 when another user than `own_id` has the name or the email in any case.
void require_free_names(Reads& reads, const std::string& own_id, const std::optional<std::string>& username,
                        const std::optional<std::string>& email);

// The caller, as that user.
Caller as_user(Caller caller, Reads& reads, const std::string& user_id);

// The user as it may see itself, as JSON text, with the members of `more`. Where the class lets it not even see itself: its id and `more`.
std::string render_user(Reads& reads, const Caller& caller, const std::string& user_id, const Json& more, const ServiceSettings& settings);

}  // namespace parsimony
