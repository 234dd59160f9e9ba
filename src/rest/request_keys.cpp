#include "rest/request_keys.h"

#include <algorithm>
#include <array>

#include "common/base64.h"
#include "common/error.h"
#include "common/log.h"
#include "common/random.h"

namespace parsimony {
namespace {

struct Keys {
  std::string app_id;
  std::string master_key;  // or the read-only master key
  std::string maintenance_key;
  std::string javascript_key;
  std::string rest_api_key;
  std::string client_key;
  std::string dot_net_key;
  std::string session_token;
  std::string installation_id;
  Json context;  // of the users' code; null where none is given
};

struct KeyName {
  std::string_view name;
  std::string Keys::*key;
};

constexpr std::array kHeaders = {
    KeyName{"X-Parse-Application-Id", &Keys::app_id},          KeyName{"X-Parse-Master-Key", &Keys::master_key},
    KeyName{"X-Parse-Javascript-Key", &Keys::javascript_key},  KeyName{"X-Parse-REST-API-Key", &Keys::rest_api_key},
    KeyName{"X-Parse-Client-Key", &Keys::client_key},          KeyName{"X-Parse-Windows-Key", &Keys::dot_net_key},
    KeyName{"X-Parse-Session-Token", &Keys::session_token},    KeyName{"X-Parse-Maintenance-Key", &Keys::maintenance_key},
    KeyName{"X-Parse-Installation-Id", &Keys::installation_id}};

constexpr std::array kBodyFields = {KeyName{"_ApplicationId", &Keys::app_id}, KeyName{"_MasterKey", &Keys::master_key},
                                    KeyName{"_JavaScriptKey", &Keys::javascript_key}, KeyName{"_SessionToken", &Keys::session_token},
                                    KeyName{"_InstallationId", &Keys::installation_id}};

// Further fields that clients put beside the keys; understood elsewhere or of no effect.
struct OtherBodyField {
  std::string_view name;
  bool is_text = false;
};
constexpr std::array kOtherBodyFields = {OtherBodyField{"_ContentType", true}, OtherBodyField{"_ClientVersion"},
                                         OtherBodyField{"_RevocableSession"}, OtherBodyField{"_context"}, OtherBodyField{"_noBody"}};

// A key that gives rights, and where from.
struct RightsKey {
  std::string_view name;    // for people
  std::string_view option;  // that says where from
  std::string Keys::*given;
  std::string RestSettings::*expected;
  IpList RestSettings::*ips;
  bool is_read_only;
  bool is_maintenance;
};

// In the order in which they are tried.
constexpr std::array kRightsKeys = {
    RightsKey{"maintenance key", "maintenanceKeyIps", &Keys::maintenance_key, &RestSettings::maintenance_key,
              &RestSettings::maintenance_key_ips, false, true},
    RightsKey{"master key", "masterKeyIps", &Keys::master_key, &RestSettings::master_key, &RestSettings::master_key_ips, false, false},
    RightsKey{"read-only master key", "readOnlyMasterKeyIps", &Keys::master_key, &RestSettings::read_only_master_key,
              &RestSettings::read_only_master_key_ips, true, false}};

bool is_app(const std::string& app_id, const RestSettings& settings) { return equal_in_constant_time(app_id, settings.app_id); }

// The context of a call is an object, or the JSON of one.
Json read_context(const Json& context) {
  if (context.is_object()) return context;
  if (const std::string* text = context.get_ptr<const std::string*>()) {
    try {
      Json read = parse_json(*text);
      if (read.is_object()) return read;
    } catch (const JsonSyntaxError&) {
    }
  }
  throw Error(error_code::kInvalidJson, "Invalid object for context.");
}

// Authorization: Basic base64(appId:masterKey) or base64(appId:javascript-key=KEY). It wins over the headers of Parse when it names the
// application, and is nothing otherwise.
void take_basic(const http::Request& request, Keys& keys, const RestSettings& settings) {
  constexpr std::string_view kScheme = "Basic ";
  constexpr std::string_view kJavascript = "javascript-key=";
  const auto authorization = request.header("Authorization");
  if (!authorization || !http::equal_ignoring_case(authorization->substr(0, kScheme.size()), kScheme)) return;
  const std::string pair = decode_base64(authorization->substr(kScheme.size())).value_or(std::string());
  const std::size_t colon = pair.find(':');
  if (colon == std::string::npos || !is_app(pair.substr(0, colon), settings)) return;
  keys.app_id = settings.app_id;
  const std::string secret = pair.substr(colon + 1);
  if (secret.starts_with(kJavascript)) {
    keys.javascript_key = secret.substr(kJavascript.size());
  } else if (!secret.empty()) {
    keys.master_key = secret;
  }
}

Keys header_keys(const http::Request& request, const RestSettings& settings) {
  Keys keys;
  for (const KeyName& row : kHeaders) {
    if (const auto value = request.header(row.name)) keys.*row.key = std::string(*value);
  }
  take_basic(request, keys, settings);
  return keys;
}

bool is_other_field(const std::string& name, const Json& value) {
  const auto row = std::find_if(kOtherBodyFields.begin(), kOtherBodyFields.end(), [&](const auto& field) { return field.name == name; });
  if (row == kOtherBodyFields.end()) return false;
  if (row->is_text && !value.is_string() && !value.is_null()) throw Error::unauthorized();
  return true;
}

// The fields with which clients send keys in a body; taken out of it.
Keys take_body_keys(Json& body) {
  Keys keys;
  Json rest = Json::object();
  for (auto& [name, value] : body.items()) {
    const auto row = std::find_if(kBodyFields.begin(), kBodyFields.end(), [&](const KeyName& k) { return k.name == name; });
    if (row != kBodyFields.end()) {
      if (value.is_null()) continue;
      if (!value.is_string()) throw Error::unauthorized();
      keys.*row->key = value.get<std::string>();
    } else if (is_other_field(name, value)) {
      if (name == "_context") keys.context = read_context(value);
    } else {
      static_cast<Json::object_t&>(rest.get_ref<Json::object_t&>()).emplace_back(name, std::move(value));
    }
  }
  body = std::move(rest);
  return keys;
}

Keys require_app(const http::Request& request, Json& body, const RestSettings& settings) {
  Keys keys = header_keys(request, settings);
  if (is_app(keys.app_id, settings)) return keys;
  if (!body.is_object()) throw Error::unauthorized();
  const Keys in_headers = std::move(keys);
  keys = take_body_keys(body);
  if (!is_app(keys.app_id, settings)) throw Error::unauthorized();
  const std::string& header_master_key = in_headers.master_key;
  if (!header_master_key.empty() && !equal_in_constant_time(header_master_key, settings.master_key)) throw Error::unauthorized();
  if (keys.master_key.empty()) keys.master_key = header_master_key;
  if (keys.session_token.empty()) keys.session_token = in_headers.session_token;
  if (keys.installation_id.empty()) keys.installation_id = in_headers.installation_id;
  keys.maintenance_key = in_headers.maintenance_key;
  return keys;
}

// Behind a proxy it may be any text that a client wrote.
std::string shown_address(const std::string& address) {
  constexpr std::size_t kLongestAddress = 45;
  return address.substr(0, kLongestAddress);
}

void require_permitted_address(const http::Request& request, const RightsKey& key, const RestSettings& settings) {
  const std::string address = client_address(request, settings.trusted_proxies);
  if ((settings.*key.ips).contains(address)) return;
  const std::string detail = "The " + std::string(key.name) + " was used from " + shown_address(address) + ", which is not in " +
                             std::string(key.option) + "; add the address to that option to allow it";
  log::warn(detail, {{"requestId", request.id}});
  throw settings.explain_refusals ? Error::permission_denied("unauthorized: " + detail) : Error::unauthorized();
}

bool is_set(const std::optional<std::string>& key) { return key && !key->empty(); }
bool matches(const std::optional<std::string>& expected, const std::string& given) {
  return is_set(expected) && equal_in_constant_time(*expected, given);
}

// When any client key is configured, one must be given and right.
bool has_client_key(const Keys& keys, const RestSettings& settings) {
  const bool none_configured =
      !is_set(settings.client_key) && !is_set(settings.javascript_key) && !is_set(settings.dot_net_key) && !is_set(settings.rest_api_key);
  return none_configured || matches(settings.client_key, keys.client_key) || matches(settings.javascript_key, keys.javascript_key) ||
         matches(settings.dot_net_key, keys.dot_net_key) || matches(settings.rest_api_key, keys.rest_api_key);
}

const RightsKey* find_rights_key(const Keys& keys, const RestSettings& settings) {
  for (const RightsKey& key : kRightsKeys) {
    const std::string& expected = settings.*key.expected;
    if (!expected.empty() && equal_in_constant_time(keys.*key.given, expected)) return &key;
  }
  return nullptr;
}

}  // namespace

bool has_app_in_headers(const http::Request& request, const RestSettings& settings) {
  return is_app(header_keys(request, settings).app_id, settings);
}

Caller authenticate(const http::Request& request, Json& body, const RestSettings& settings) {
  const auto context = request.header("X-Parse-Cloud-Context");
  Json in_header = context ? read_context(std::string(*context)) : Json();
  Keys keys = require_app(request, body, settings);
  if (keys.context.is_null()) keys.context = std::move(in_header);
  Caller caller;
  if (!keys.context.is_null()) {
    caller.origin = std::make_shared<CallOrigin>();
    caller.origin->context = std::move(keys.context);
  }
  caller.installation_id = keys.installation_id;
  if (const RightsKey* key = find_rights_key(keys, settings)) {
    require_permitted_address(request, *key, settings);
    caller.is_master = true;
    caller.is_read_only = key->is_read_only;
    caller.is_maintenance = key->is_maintenance;
    if (caller.installation_id.empty()) caller.installation_id = kCloudInstallation;
  } else if (!has_client_key(keys, settings)) {
    throw Error::unauthorized();
  }
  caller.session_token = keys.session_token;
  return caller;
}

}  // namespace parsimony
