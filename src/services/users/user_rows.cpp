#include "services/users/user_rows.h"

#include <algorithm>
#include <utility>

#include "services/objects/object_renderer.h"
#include "services/objects/row_reader.h"
#include "services/sessions/role_reader.h"
#include "services/users/user_keys.h"

namespace parsimony {
namespace {

// Those whose name or email is the text, in any case.
std::vector<Json> users_like(Reads& reads, const std::string& field, const std::string& text) {
  const auto [key, value] = user_keys(field, text).front();
  return read_rows(reads, user_class(reads), equals(key, value));
}

void add_exact(std::vector<Json>& users, std::vector<Json> found, const std::string& field, const std::string& text) {
  for (Json& user : found) {
    if (text_of_member(user, field) == text) users.push_back(std::move(user));
  }
}

bool is_other(const Json& user, const std::string& own_id) { return text_of_member(user, "objectId") != own_id; }

bool has_other(const std::vector<Json>& users, const std::string& own_id) {
  return std::any_of(users.begin(), users.end(), [&](const Json& user) { return is_other(user, own_id); });
}

std::string rendered(Reads& reads, const Caller& caller, const std::string& user_id, const ServiceSettings& settings) {
  const ClassSchema& of = user_class(reads);
  try {
    const Filter permitted = require_class_permission(caller, of, Operation::Get, settings.refusals);
    const Filter where = all_of({equals("objectId", user_id), permitted, row_filter(caller, of, Permits::Right::Read)});
    return ObjectRenderer(reads, caller, settings).render(of, where, {}).text;
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

Caller as_user(Caller caller, Reads& reads, const std::string& user_id) {
  caller.user_id = user_id;
  caller.roles = roles_of(reads, user_id);
  return caller;
}

const ClassSchema& user_class(const Reads& reads) { return *reads.schema().find("_User"); }

std::optional<Json> find_user(Reads& reads, const std::string& user_id) {
  return read_row(reads, user_class(reads), equals("objectId", user_id));
}

std::optional<Json> find_user_for_login(Reads& reads, const std::optional<std::string>& username, const std::optional<std::string>& email) {
  std::vector<Json> users;
  if (email) {
    add_exact(users, users_like(reads, "email", *email), "email", *email);
    std::erase_if(users, [&](const Json& user) { return username && text_of_member(user, "username") != *username; });
  } else if (username) {
    add_exact(users, users_like(reads, "username", *username), "username", *username);
    add_exact(users, users_like(reads, "email", *username), "email", *username);
  }
  return users.empty() ? std::nullopt : std::optional(std::move(users.front()));
}

void require_free_names(Reads& reads, const std::string& own_id, const std::optional<std::string>& username,
                        const std::optional<std::string>& email) {
  if (username && !username->empty() && has_other(users_like(reads, "username", *username), own_id))
    throw Error(error_code::kUsernameTaken, "Account already exists for this username.");
  if (email && !email->empty() && has_other(users_like(reads, "email", *email), own_id))
    throw Error(error_code::kEmailTaken, "Account already exists for this email address.");
}

std::string render_user(Reads& reads, const Caller& caller, const std::string& user_id, const Json& more, const ServiceSettings& settings) {
  std::string text = rendered(reads, as_user(caller, reads, user_id), user_id, settings);
  if (text.empty()) text = to_json_text(Json{{"objectId", user_id}});
  if (more.empty()) return text;
  text.back() = ',';
  return text + to_json_text(more).substr(1);
}

}  // namespace parsimony
