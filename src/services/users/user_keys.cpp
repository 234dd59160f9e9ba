#include "services/users/user_keys.h"

#include "types/collation.h"

namespace parsimony {
namespace {

Json folded(const Json& value) {
  const auto* text = value.get_ptr<const std::string*>();
  return text ? Json(fold(*text, Collation::IgnoreCase)) : Json();
}

Json anonymous_id(const Json& auth_data) {
  const Json* anonymous = find_member(auth_data, "anonymous");
  const std::string* id = anonymous ? find_string(*anonymous, "id") : nullptr;
  return id ? Json(*id) : Json();
}

}  // namespace

std::optional<std::pair<std::string, Json>> user_key(std::string_view field, const Json& value) {
  if (field == "username") return std::pair{"_username_key", folded(value)};
  if (field == "email") return std::pair{"_email_key", folded(value)};
  if (field == "authData") return std::pair{"_auth_id_anonymous", anonymous_id(value)};
  return std::nullopt;
}

bool is_user_key(std::string_view field) { return field == "_username_key" || field == "_email_key" || field == "_auth_id_anonymous"; }

}  // namespace parsimony
