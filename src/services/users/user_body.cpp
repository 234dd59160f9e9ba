#include "services/users/user_body.h"

#include "common/error.h"
#include "types/field_type.h"

namespace parsimony {
namespace {

constexpr std::size_t kMaxAuthIdLength = 1024;

Error unsupported() { return {error_code::kUnsupportedService, "This authentication method is unsupported."}; }

void check_provider(const std::string& name, const Json& data, bool allows_anonymous) {
  if (data.is_null()) return;
  const Json* id = find_member(data, "id");
  if (!id || name != "anonymous" || !allows_anonymous) throw unsupported();
  const auto* text = id->get_ptr<const std::string*>();
  if (!text || text->empty() || text->size() > kMaxAuthIdLength)
    throw Error(error_code::kInvalidValue, "Invalid authData id for provider '" + name + "'.");
}

// Nothing of what is given could sign anybody in.
bool says_nothing(const Json& providers) {
  for (const auto& [name, data] : providers.items()) {
    if (!data.is_null() && !(data.is_object() && data.empty())) return false;
  }
  return true;
}

AuthData read_auth_data(const Json& providers, bool allows_anonymous) {
  check_auth_data(providers, allows_anonymous);
  return {providers, true};
}

void check_email(const std::string& email) {
  const std::size_t at = email.find('@', 1);
  const bool is_inside = at != std::string::npos && at + 1 < email.size();
  if (!is_inside) throw Error(error_code::kInvalidEmailAddress, "Email address format is invalid.");
}

std::optional<std::string> text_of(const Json& json, std::string_view name) {
  const std::string* text = find_string(json, name);
  return text ? std::optional(*text) : std::nullopt;
}

// The names that only the rules of users know.
Json without_special_fields(const Json& json) {
  Json rest = json;
  for (const char* name : {"password", "authData", "sessionToken"}) rest.erase(name);
  return rest;
}

UserBody read_common(const Json& json) {
  for (const auto& [name, value] : json.items()) {
    if (name.starts_with("authData.")) throw Error(error_code::kInvalidKeyName, "Invalid field name for update: " + name.substr(0, 128));
  }
  UserBody body{without_special_fields(json), text_of(json, "username"), text_of(json, "email"), text_of(json, "password"), {}};
  if (body.email && !body.email->empty()) check_email(*body.email);
  return body;
}

}  // namespace

std::string AuthData::anonymous_id() const {
  const Json* anonymous = find_member(providers, "anonymous");
  const std::string* id = anonymous ? find_string(*anonymous, "id") : nullptr;
  return id ? *id : std::string();
}

std::string AuthData::provider() const { return anonymous_id().empty() ? std::string() : "anonymous"; }

void check_auth_data(const Json& providers, bool allows_anonymous) {
  if (!providers.is_object() || find_member(providers, "__op")) throw unsupported();
  for (const auto& [name, data] : providers.items()) check_provider(name, data, allows_anonymous);
}

UserBody read_new_user(const Json& json, bool allows_anonymous) {
  UserBody body = read_common(json);
  const Json* auth_data = find_member(json, "authData");
  const bool is_used = auth_data && !auth_data->is_null() && !(auth_data->is_object() && says_nothing(*auth_data));
  if (is_used) body.auth_data = read_auth_data(*auth_data, allows_anonymous);
  if (!body.auth_data.provider().empty()) return body;
  if (!body.username || body.username->empty()) throw Error(error_code::kUsernameMissing, "bad or missing username");
  if (!body.password || body.password->empty()) throw Error(error_code::kPasswordMissing, "password is required");
  return body;
}

UserBody read_user_change(const Json& json, bool allows_anonymous) {
  UserBody body = read_common(json);
  if (const Json* auth_data = find_member(json, "authData")) body.auth_data = read_auth_data(*auth_data, allows_anonymous);
  const Json* password = find_member(json, "password");
  if (!password || password->is_string()) return body;
  if (password->is_null() || find_string(*password, "__op")) throw Error(error_code::kPasswordMissing, "password is required");
  const auto type = type_of_value(*password);
  throw Error(error_code::kIncorrectType,
              "schema mismatch for _User.password; expected String but got " + (type ? describe(*type) : "null"));
}

}  // namespace parsimony
