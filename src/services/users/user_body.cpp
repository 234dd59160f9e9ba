#include "services/users/user_body.h"

#include <algorithm>

#include "common/error.h"
#include "services/users/auth_links.h"
#include "types/field_type.h"

namespace parsimony {
namespace {

constexpr std::size_t kMaxAuthIdLength = 1024;
constexpr const char* kAnonymous = "anonymous";

Error unsupported() { return {error_code::kUnsupportedService, "This authentication method is unsupported."}; }

[[noreturn]] void refuse_id(const std::string& provider) {
  throw Error(error_code::kInvalidValue, "Invalid authData id for provider '" + provider + "'.");
}

bool is_known(const std::string& provider, const UserSettings& settings) {
  if (provider == kAnonymous) return settings.anonymous_users;
  const auto& known = settings.auth_providers;
  return std::find(known.begin(), known.end(), provider) != known.end();
}

// An adapter may find the id by itself; anonymous users have nothing else.
void check_provider(const std::string& name, const Json& data, const UserSettings& settings) {
  if (data.is_null()) return;
  if (!data.is_object() || !is_known(name, settings)) throw unsupported();
  const Json* id = find_member(data, "id");
  if (!id && name == kAnonymous) throw unsupported();
  const auto* text = id ? id->get_ptr<const std::string*>() : nullptr;
  if (id && (!text || text->empty() || text->size() > kMaxAuthIdLength)) refuse_id(name);
}

// Nothing of what is given could sign anybody in.
bool says_nothing(const Json& providers) {
  for (const auto& [name, data] : providers.items()) {
    if (!data.is_null() && !(data.is_object() && data.empty())) return false;
  }
  return true;
}

AuthData read_auth_data(const Json& providers, const UserSettings& settings) {
  check_auth_data(providers, settings);
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

void check_auth_data(const Json& providers, const UserSettings& settings) {
  if (!providers.is_object() || find_member(providers, "__op")) throw unsupported();
  for (const auto& [name, data] : providers.items()) check_provider(name, data, settings);
}

bool has_auth_data(const Json& json) {
  const Json* auth_data = find_member(json, "authData");
  return auth_data && !auth_data->is_null() && !(auth_data->is_object() && says_nothing(*auth_data));
}

UserBody read_linked_user(const Json& json, const UserSettings& settings) {
  UserBody body = read_common(json);
  if (has_auth_data(json)) body.auth_data = read_auth_data(*find_member(json, "authData"), settings);
  return body;
}

UserBody read_new_user(const Json& json, const UserSettings& settings) {
  UserBody body = read_linked_user(json, settings);
  if (!provider_names(body.auth_data.providers).empty()) return body;
  if (!body.username || body.username->empty()) throw Error(error_code::kUsernameMissing, "bad or missing username");
  if (!body.password || body.password->empty()) throw Error(error_code::kPasswordMissing, "password is required");
  return body;
}

UserBody read_user_change(const Json& json, const UserSettings& settings) {
  UserBody body = read_common(json);
  if (const Json* auth_data = find_member(json, "authData")) body.auth_data = read_auth_data(*auth_data, settings);
  const Json* password = find_member(json, "password");
  if (!password || password->is_string()) return body;
  if (password->is_null() || find_string(*password, "__op")) throw Error(error_code::kPasswordMissing, "password is required");
  const auto type = type_of_value(*password);
  throw Error(error_code::kIncorrectType,
              "schema mismatch for _User.password; expected String but got " + (type ? describe(*type) : "null"));
}

}  // namespace parsimony
