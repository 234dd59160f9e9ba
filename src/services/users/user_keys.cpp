#include "services/users/user_keys.h"

#include "types/collation.h"

namespace parsimony {
namespace {

constexpr std::string_view kAuthKey = "_auth_id_";
constexpr const char* kAnonymous = "anonymous";

Json folded(const Json& value) {
  const auto* text = value.get_ptr<const std::string*>();
  return text ? Json(fold(*text, Collation::IgnoreCase)) : Json();
}

Json id_in(const Json& data) {
  const std::string* id = find_string(data, "id");
  return id ? Json(*id) : Json();
}

std::vector<std::pair<std::string, Json>> auth_keys(const Json& auth_data) {
  std::vector<std::pair<std::string, Json>> keys;
  const Json* anonymous = find_member(auth_data, kAnonymous);
  keys.emplace_back(auth_key(kAnonymous), anonymous ? id_in(*anonymous) : Json());
  if (!auth_data.is_object()) return keys;
  for (const auto& [provider, data] : auth_data.items()) {
    Json id = provider == kAnonymous ? Json() : id_in(data);
    if (!id.is_null()) keys.emplace_back(auth_key(provider), std::move(id));
  }
  return keys;
}

}  // namespace

std::vector<std::pair<std::string, Json>> user_keys(std::string_view field, const Json& value) {
  if (field == "username") return {{"_username_key", folded(value)}};
  if (field == "email") return {{"_email_key", folded(value)}};
  if (field == "authData") return auth_keys(value);
  return {};
}

std::string auth_key(std::string_view provider) { return std::string(kAuthKey).append(provider); }

bool is_user_key(std::string_view field) { return field == "_username_key" || field == "_email_key" || field.starts_with(kAuthKey); }

}  // namespace parsimony
