#include "services/users/auth_service.h"

#include <algorithm>
#include <vector>

#include "common/error.h"
#include "common/log.h"
#include "services/objects/row_reader.h"
#include "services/users/auth_links.h"
#include "services/users/user_rows.h"

namespace parsimony {
namespace {

constexpr const char* kAnonymous = "anonymous";
const Caller kMaster{true};

Error already_linked() { return {error_code::kAccountAlreadyLinked, "this auth is already used"}; }
Error unknown_user() { return {error_code::kObjectNotFound, "User not found."}; }

const Json& auth_data_of(const Json& user) {
  static const Json kNone = Json::object();
  const Json* data = find_member(user, "authData");
  return data && data->is_object() ? *data : kNone;
}

std::vector<std::string> sorted_names(const Json& providers) {
  std::vector<std::string> names;
  for (const auto& [name, data] : providers.items()) names.push_back(name);
  std::sort(names.begin(), names.end());
  return names;
}

// Somebody who may see nothing and do nothing cannot sign in.
bool is_locked_out(const Json& user) {
  const Json* acl = find_member(user, "ACL");
  return acl && acl->is_object() && acl->empty();
}

// Whether what is sent says more than what is known already.
bool says_more(const Json& sent, const Json* known) {
  if (sent.is_null() || !known) return true;
  for (const auto& [name, value] : sent.items()) {
    const Json* stored = find_member(*known, name);
    if (!stored || !json_equal(value, *stored)) return true;
  }
  return false;
}

Json changed_providers(const Json& sent, const Json& known) {
  Json changed = Json::object();
  for (const auto& [provider, data] : sent.items()) {
    const bool counts = provider != kAnonymous || data.is_null();
    if (counts && says_more(data, find_member(known, provider))) changed[provider] = data;
  }
  return changed;
}

}  // namespace

// --- asking adapters ---------------------------------------------------------------------------------------------------

Json AuthService::ask(const Caller& caller, const std::string& provider, const std::string& method, Json request) const {
  AdapterCall call{auth_adapter(provider), method, std::move(request)};
  nest(call, caller);
  return adapters_.call(call);
}

// What every request to an adapter holds.
Json AuthService::request_of(const Caller& caller, const Json& user) const {
  Json request = Json::object();
  triggers_.add_caller(request, caller);
  if (user.is_null()) return request;
  store_.read([&](Reads& reads) {
    auto whole = triggers_.object_for_code(reads, user_class(reads), equals("objectId", text_of_member(user, "objectId")), kMaster);
    if (whole) request["original"] = std::move(*whole);
  });
  return request;
}

Json AuthService::validate(const Caller& caller, const std::string& provider, const Json& data, const Json& user, const Json& body) const {
  Json request = request_of(caller, user);
  const bool is_own = !user.is_null() && (caller.is_master || (caller.has_user() && caller.user_id == text_of_member(user, "objectId")));
  request["authData"] = data;
  request["isLoggedIn"] = is_own;
  request["isConfigured"] = find_member(auth_data_of(user), provider) != nullptr;
  request["update"] = body;
  try {
    return ask(caller, provider, "validate", std::move(request));
  } catch (const Error& error) {
    log::error("The check of authData failed", {{"provider", provider}, {"reason", error.message()}});
    throw;
  }
}

Authentication AuthService::check(const Caller& caller, const Json& auth_data, const Json& user, const Json& body) const {
  Authentication made;
  made.was_checked = true;
  made.seen = user.is_null() ? Json() : auth_data_of(user);
  for (const std::string& provider : sorted_names(auth_data)) {
    const Json& data = auth_data[provider];
    if (data.is_null() || provider == kAnonymous) {
      made.providers[provider] = data;
      continue;
    }
    const Json answer = validate(caller, provider, data, user, body);
    if (const Json* save = find_member(answer, "save"); save && !save->is_null()) made.providers[provider] = *save;
    if (const Json* response = find_member(answer, "response"); response && !response->is_null()) made.responses[provider] = *response;
  }
  return made;
}

// --- who is meant ------------------------------------------------------------------------------------------------------

std::vector<Json> AuthService::find(const Caller& caller, const Json& auth_data) const {
  std::vector<Json> users;
  store_.read([&](Reads& reads) { users = users_with_auth(reads, auth_data); });
  if (!caller.is_master) std::erase_if(users, is_locked_out);
  return users;
}

std::optional<Json> AuthService::user_to_sign_in(const Caller& caller, const Json& body) const {
  const Json& auth_data = auth_data_of(body);
  std::vector<Json> users = find(caller, auth_data);
  if (users.empty()) return std::nullopt;
  const bool is_another = caller.has_user() && caller.user_id != text_of_member(users.front(), "objectId");
  if (users.size() == 1 && !is_another) return std::move(users.front());
  check(caller, auth_data, users.front(), body);
  throw already_linked();
}

Authentication AuthService::check_new(const Caller& caller, const Json& body) const {
  return check(caller, auth_data_of(body), nullptr, body);
}

Authentication AuthService::check_sign_in(const Caller& caller, const Json& user, const Json& body) const {
  return check(caller, auth_data_of(body), user, body);
}

Authentication AuthService::check_change(const Caller& caller, const std::string& user_id, const Json& body) const {
  const Json& auth_data = auth_data_of(body);
  const std::vector<Json> users = find(caller, auth_data);
  const bool is_taken = users.size() > 1 || (!users.empty() && text_of_member(users.front(), "objectId") != user_id);
  if (is_taken) {
    check(caller, auth_data, users.front(), body);
    throw already_linked();
  }
  std::optional<Json> user;
  store_.read([&](Reads& reads) { user = find_user(reads, user_id); });
  const bool may_be_own = caller.is_master || caller.user_id == user_id;
  if (!user || !may_be_own) return check(caller, auth_data, nullptr, body);
  const Json changed = users.empty() ? auth_data : changed_providers(auth_data, auth_data_of(*user));
  if (changed.empty()) return {};
  return check(caller, changed, *user, body);
}

// --- sign-ins in several steps -----------------------------------------------------------------------------------------

void AuthService::require_additional(const Caller& caller, const Json& user, const Json& given) const {
  std::string missing;
  for (const auto& [provider, data] : auth_data_of(user).items()) {
    if (!adapters_.has(auth_adapter(provider), "policy")) continue;
    Json request = request_of(caller, nullptr);
    request["authData"] = data;
    const Json answer = ask(caller, provider, "policy", std::move(request));
    const std::string* policy = find_string(answer, "policy");
    const bool is_given = find_member(given, provider) && !given[provider].is_null();
    if (is_given && policy && (*policy == "solo" || *policy == "additional")) return;
    if (policy && *policy == "additional") missing += (missing.empty() ? "" : ",") + provider;
  }
  if (!missing.empty()) throw Error(error_code::kOtherCause, "Missing additional authData " + missing);
}

Json AuthService::challenge(const Caller& caller, const Json& user, const Json& body) const {
  const Json& asked = *find_member(body, "challengeData");
  Json answers = Json::object();
  for (const std::string& provider : sorted_names(asked)) {
    if (!adapters_.has(auth_adapter(provider), "challenge")) continue;
    Json request = request_of(caller, user);
    request["challengeData"] = asked[provider];
    if (const Json* data = find_member(auth_data_of(body), provider)) request["authData"] = *data;
    answers[provider] = ask(caller, provider, "challenge", std::move(request)).value("response", Json(true));
  }
  return answers;
}

Json AuthService::user_of_challenge(const Caller& caller, const Json& auth_data) const {
  std::vector<Json> users = find(kMaster, auth_data);
  if (users.size() != 1) throw unknown_user();
  try {
    Json with_id = Json::object();
    for (const auto& [provider, data] : auth_data.items()) {
      if (find_member(data, "id")) with_id[provider] = data;
    }
    check(caller, with_id, users.front(), Json::object());
  } catch (const Error&) {
    throw unknown_user();
  }
  return std::move(users.front());
}

// --- showing -----------------------------------------------------------------------------------------------------------

bool AuthService::changes_shown() const {
  const auto& providers = settings_.users.auth_providers;
  return std::any_of(providers.begin(), providers.end(),
                     [&](const std::string& provider) { return adapters_.has(auth_adapter(provider), "afterFind"); });
}

void AuthService::show(const Caller& caller, Json& user) const {
  Json* auth_data = user.is_object() && user.contains("authData") ? &user["authData"] : nullptr;
  if (!auth_data || !auth_data->is_object()) return;
  for (auto& [provider, data] : auth_data->items()) {
    if (!adapters_.has(auth_adapter(provider), "afterFind")) continue;
    Json request = request_of(caller, nullptr);
    request["authData"] = data;
    const Json answer = ask(caller, provider, "afterFind", std::move(request));
    if (const Json* shown = find_member(answer, "authData")) data = *shown;
  }
}

void store_authentication(Transaction& transaction, const std::string& user_id, const Authentication& made,
                          const std::vector<std::string>& providers) {
  const auto user = find_user(transaction, user_id);
  if (!user || made.providers.empty()) return;
  const Json& stored = auth_data_of(*user);
  bool changes = false;
  for (const auto& [provider, data] : made.providers.items()) {
    const Json* seen = find_member(made.seen, provider);
    const Json* now = find_member(stored, provider);
    if (seen && json_equal(data, *seen)) continue;
    const bool is_as_seen = seen && now ? json_equal(*seen, *now) : !seen && !now;
    if (!is_as_seen) throw Error(error_code::kScriptFailed, "Invalid auth data");
    changes = true;
  }
  if (!changes) return;
  const ClassSchema& of = user_class(transaction);
  FieldValues values;
  for (auto& [name, value] : auth_values(merged_auth(&stored, made.providers), providers)) {
    if (const Field* field = of.find(name)) values.push_back({field, std::move(value)});
  }
  transaction.update(of, user_id, values);
}

}  // namespace parsimony
