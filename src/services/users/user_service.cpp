#include "services/users/user_service.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "common/clock.h"
#include "common/ids.h"
#include "services/builtin_classes.h"
#include "services/objects/row_reader.h"
#include "services/sessions/session_rows.h"
#include "services/users/auth_links.h"
#include "services/users/password_policy.h"
#include "services/users/user_keys.h"
#include "services/users/user_rows.h"
#include "types/acl.h"
#include "types/date.h"

namespace parsimony {
namespace {

constexpr std::size_t kGeneratedNameLength = 25;
constexpr double kMinuteMs = 60'000;
const Caller kMaster{true};

Error wrong_credentials() { return {error_code::kObjectNotFound, "Invalid username/password."}; }

std::string lower_case(std::string text) { return fold(text, Collation::IgnoreCase); }

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

// Nobody is locked out of its own user.
Json with_own_rights(Acl acl, const std::string& user_id) {
  add_once(acl.read, user_id);
  add_once(acl.write, user_id);
  return encode(acl);
}

std::optional<Acl> acl_in(const Json& body) {
  const Json* acl = find_member(body, "ACL");
  if (!acl || acl->is_null() || find_string(*acl, "__op")) return std::nullopt;
  return decode_acl(*acl);
}

Json acl_of_new_user(const Json& body, const std::string& user_id, const UserSettings& settings) {
  Acl acl = acl_in(body).value_or(Acl{});
  if (!acl_in(body) && !settings.private_users) acl.read.emplace_back("*");
  return with_own_rights(std::move(acl), user_id);
}

std::optional<Json> acl_after_change(const Caller& caller, const Json& body, const std::string& user_id) {
  if (caller.is_master || !find_member(body, "ACL")) return std::nullopt;
  return with_own_rights(acl_in(body).value_or(Acl{}), user_id);
}

void require_own_fields(const Caller& caller, const Json& body, Refusals refusals) {
  if (!caller.is_master && find_member(body, "emailVerified"))
    throw forbidden(refusals, "Clients aren't allowed to manually update email verification.");
}

void link(SaveAdditions& additions, const Json& providers, const UserSettings& settings) {
  for (auto& value : auth_values(providers, settings.auth_providers)) additions.values.push_back(std::move(value));
}

void add_keys(SaveAdditions& additions, const Json& fields) {
  for (const auto& [name, value] : fields.items()) {
    for (auto& key : user_keys(name, value)) additions.values.push_back(std::move(key));
  }
}

// An id is a name by which permissions are granted, and must be none that means something else there.
void require_user_id(const std::string& user_id, Refusals refusals) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  if (user_id.size() <= kMaxNameLength && std::all_of(user_id.begin(), user_id.end(), is_plain)) return;
  throw forbidden(refusals, "Invalid object ID.");
}

// What the maintenance key alone may set.
void take_internal_values(const Caller& caller, Json& fields, SaveAdditions& additions) {
  if (!caller.is_maintenance) return;
  const ClassSchema& of = *builtin_class("_User");
  const Json given = fields;
  for (const auto& [name, value] : given.items()) {
    const Field* field = is_internal_field(name) ? of.find(name) : nullptr;
    if (!field) continue;
    const auto type = type_of_value(value);
    if (!value.is_null() && type != field->spec)
      throw Error(error_code::kIncorrectType,
                  "schema mismatch for _User." + name + "; expected " + describe(field->spec) + " but got another type");
    additions.values.emplace_back(name, value);
    fields.erase(name);
  }
}

// Which user somebody may not change is not told.
Error insufficient(Refusals refusals) { return refusal(refusals, error_code::kSessionMissing, "Insufficient auth."); }

SaveResult hide_missing(const Caller& caller, Refusals refusals, const PreparedWrite& write, Transaction& transaction) {
  try {
    return write(transaction);
  } catch (const Error& error) {
    if (error.code() == error_code::kObjectNotFound && !caller.is_master) throw insufficient(refusals);
    throw;
  }
}

std::string new_session(Transaction& transaction, const NewSession& session, const SessionSettings& settings) {
  const MadeSession made = make_session(transaction, session, settings);
  end_sessions_of_installation(transaction, session.user_id, session.installation_id, made.token);
  return made.token;
}

// What the answer to somebody who signs in says of the session.
Json token_of_sign_in(Transaction& transaction, const Caller& caller, const NewSession& session, const ServiceSettings& settings) {
  if (caller.is_cloud()) return Json::object();
  return {{"sessionToken", new_session(transaction, session, settings.users.sessions)}};
}

Json created_with(const std::string& action, const std::string& provider) { return {{"action", action}, {"authProvider", provider}}; }

std::int64_t milliseconds_of(const Json& user, std::string_view field) {
  const Json* value = find_member(user, field);
  const auto iso = value ? decode_date(*value) : std::nullopt;
  return iso ? parse_iso_date(*iso).value_or(0) : 0;
}

std::int64_t count_of(const Json& user, std::string_view field) {
  const Json* value = find_member(user, field);
  return value && value->is_number_integer() ? value->get<std::int64_t>() : 0;
}

bool is_absent(const Json& value) { return value.is_null() || value == Json("") || value == Json(false) || value == Json(0); }

// Nothing for what is no text, which then matches nobody.
std::optional<std::string> text_or_nothing(const Json& value) {
  const auto* text = value.get_ptr<const std::string*>();
  return text ? std::optional(*text) : std::nullopt;
}

// One core stays free for those who hash nothing.
std::size_t hashing_threads() { return std::max(2u, std::thread::hardware_concurrency()) - 1; }

}  // namespace

UserService::UserService(Store& store, const ObjectWriter& writer, const Triggers& triggers, const AuthService& auth, Adapters& adapters,
                         const ServiceSettings& settings)
    : store_(store),
      writer_(writer),
      triggers_(triggers),
      auth_(auth),
      adapters_(adapters),
      settings_(settings),
      hasher_(hashing_threads()) {}

UserBody UserService::lowered(UserBody body) const {
  if (settings_.users.lower_case_usernames && body.username) body.fields["username"] = *(body.username = lower_case(*body.username));
  if (settings_.users.lower_case_emails && body.email) body.fields["email"] = *(body.email = lower_case(*body.email));
  return body;
}

// ---- Saving

void UserService::require_allowed_password(const Caller& caller, const std::string& password, const std::string& username) const {
  const PasswordPolicy& policy = settings_.users.passwords;
  if (policy.has_judge) {
    AdapterCall call{kPasswordAdapter, "call", {{"arguments", {password}}}};
    nest(call, caller);
    const Json answer = adapters_.call(call);
    require_good_judgement(policy, find_member(answer, "result"));
  }
  parsimony::require_allowed_password(policy, password, username);
}

void UserService::set_password(const Caller& caller, SaveAdditions& additions, const UserBody& body, const std::string& username,
                               const Json* user) const {
  if (!body.password) return;
  const PasswordPolicy& policy = settings_.users.passwords;
  require_allowed_password(caller, *body.password, username);
  if (user) require_new_password(policy, hasher_, *body.password, *user);
  additions.values.emplace_back("_hashed_password", hasher_.hash(*body.password));
  if (policy.max_age_days) additions.values.emplace_back("_password_changed_at", encode_date(now_iso()));
  if (user && policy.history > 0) additions.values.emplace_back("_password_history", history_after_change(policy, *user));
}

void UserService::require_new_user(const Caller& caller, const Json& json) const {
  require_class_permission(caller, *store_.schema()->find("_User"), Operation::Create, settings_.refusals);
  read_new_user(json, settings_.users);
  require_own_fields(caller, json, settings_.refusals);
}

void UserService::require_user_change(const Caller& caller, const std::string& user_id, const Json& json) const {
  if (!caller.is_master && !caller.has_user())
    throw refusal(settings_.refusals, error_code::kSessionMissing, "Cannot modify user " + user_id + ".");
  read_user_change(json, settings_.users);
  require_own_fields(caller, json, settings_.refusals);
}

PreparedWrite UserService::prepare_create(const Caller& caller, const Json& json, const std::string& object_id) const {
  const bool has_proof = find_member(json, "authData") != nullptr;
  UserBody body = lowered(has_proof ? read_linked_user(json, settings_.users) : read_new_user(json, settings_.users));
  SaveAdditions additions;
  additions.object_id = object_id.empty() ? new_object_id(settings_.object_id_size) : object_id;
  const std::string* custom_id = settings_.allow_custom_object_id ? find_string(json, "objectId") : nullptr;
  const std::string user_id = custom_id ? *custom_id : additions.object_id;
  require_user_id(user_id, settings_.refusals);
  additions.acl = acl_of_new_user(json, user_id, settings_.users);
  const bool is_named = body.username && !body.username->empty();
  std::string generated;
  if (!is_named) body.fields["username"] = generated = new_object_id(kGeneratedNameLength);
  set_password(caller, additions, body, body.username.value_or(""), nullptr);
  const std::string provider = provider_names(body.auth_data.providers);
  if (!provider.empty()) link(additions, merged_auth(nullptr, body.auth_data.providers), settings_.users);
  take_internal_values(caller, body.fields, additions);
  add_keys(additions, body.fields);
  const PreparedWrite create = writer_.prepare_create(caller, "_User", body.fields, std::move(additions));

  return [caller, body, create, generated, provider, &settings = settings_](Transaction& transaction) {
    const Json created = created_with(provider.empty() ? "signup" : "login", provider.empty() ? "password" : provider);
    // Of two sign-ups at once the second is a sign-in.
    if (const auto known = users_with_auth(transaction, body.auth_data.providers); known.size() == 1) {
      const std::string id = text_of_member(known.front(), "objectId");
      const Json token = token_of_sign_in(transaction, caller, {id, created, caller.installation_id}, settings);
      return SaveResult{id, parse_json(render_user(transaction, caller, id, token, settings)), false};
    }
    SaveResult result = create(transaction);
    require_free_names(transaction, result.object_id, body.username, body.email);
    require_free_auth(transaction, result.object_id, body.auth_data.providers);
    if (!generated.empty()) result.answer["username"] = generated;
    if (!caller.is_master)
      result.answer.update(token_of_sign_in(transaction, caller, {result.object_id, created, caller.installation_id}, settings));
    return result;
  };
}

PreparedWrite UserService::prepare_update(const Caller& caller, const std::string& user_id, const Json& json) const {
  UserBody body = lowered(read_user_change(json, settings_.users));
  std::optional<Json> user;
  if (body.password || body.auth_data.is_given) store_.read([&](Reads& reads) { user = find_user(reads, user_id); });
  SaveAdditions additions;
  additions.acl = acl_after_change(caller, json, user_id);
  if (user) set_password(caller, additions, body, body.username.value_or(text_of_member(*user, "username")), &*user);
  if (user && body.auth_data.is_given)
    link(additions, merged_auth(find_member(*user, "authData"), body.auth_data.providers), settings_.users);
  take_internal_values(caller, body.fields, additions);
  add_keys(additions, body.fields);
  const PreparedWrite update = writer_.prepare_update(caller, "_User", user_id, body.fields, std::move(additions));

  return [caller, user_id, body, update, &settings = settings_](Transaction& transaction) {
    SaveResult result = hide_missing(caller, settings.refusals, update, transaction);
    require_free_names(transaction, user_id, body.username, body.email);
    require_free_auth(transaction, user_id, body.auth_data.providers);
    if (!body.password) return result;
    if (settings.users.revoke_sessions_with_password) end_sessions_of_user(transaction, user_id);
    if (caller.is_master) return result;
    result.answer.update(token_of_sign_in(transaction, caller, {user_id, Json(), caller.installation_id}, settings));
    return result;
  };
}

PreparedWrite UserService::prepare_sign_in(const Caller& caller, const Json& user, const Authentication& proof) const {
  return [caller, id = text_of_member(user, "objectId"), proof, &settings = settings_](Transaction& transaction) {
    if (!find_user(transaction, id)) throw wrong_credentials();
    store_authentication(transaction, id, proof, settings.users.auth_providers);
    const Json created = created_with("login", provider_names(proof.providers));
    Json more = token_of_sign_in(transaction, caller, {id, created, caller.installation_id}, settings);
    more["authDataResponse"] = proof.responses;
    return SaveResult{id, parse_json(render_user(transaction, caller, id, more, settings)), false};
  };
}

PreparedWrite UserService::prepare_remove(const Caller& caller, const std::string& user_id) const {
  if (!caller.is_master && !caller.has_user()) throw Error(error_code::kSessionMissing, "Insufficient auth to delete user");
  const PreparedWrite remove = writer_.prepare_remove(caller, "_User", user_id);
  return [caller, user_id, remove, &settings = settings_](Transaction& transaction) {
    SaveResult result = hide_missing(caller, settings.refusals, remove, transaction);
    end_sessions_of_user(transaction, user_id);
    return result;
  };
}

// ---- Signing in

// Counts failures and refuses a locked account, right password or not: in one write, so that attempts at the same time all count.
void UserService::note_login(const Json& user, bool is_right) const {
  const auto& lockout = settings_.users.lockout;
  if (!lockout) {
    if (!is_right) throw wrong_credentials();
    return;
  }
  bool is_locked = false;
  store_.write([&](Transaction& transaction) {
    const ClassSchema& of = user_class(transaction);
    const std::string id = text_of_member(user, "objectId");
    const Json now = find_user(transaction, id).value_or(user);
    is_locked = milliseconds_of(now, "_account_lockout_expires_at") > now_ms();
    const std::int64_t failures = count_of(now, "_failed_login_count");
    if (is_locked || (is_right && failures == 0)) return;
    const std::int64_t count = is_right ? 0 : failures + 1;
    const bool locks = count >= lockout->threshold;
    const Json until = locks ? encode_date(iso_date(now_ms() + static_cast<std::int64_t>(lockout->duration_minutes * kMinuteMs))) : Json();
    const Field* count_field = of.find("_failed_login_count");
    transaction.update(of, id, {{count_field, count == 0 ? Json() : Json(count)}, {of.find("_account_lockout_expires_at"), until}});
  });
  if (is_locked) {
    throw Error(error_code::kObjectNotFound, "Your account is locked due to multiple failed login attempts. Please try again after " +
                                                 to_json_text(Json(lockout->duration_minutes)) + " minute(s)");
  }
  if (!is_right) throw wrong_credentials();
}

// The row of the user who has proved to be it.
Json UserService::check_credentials(const Caller& caller, const Credentials& credentials) const {
  if (is_absent(credentials.username) && is_absent(credentials.email))
    throw Error(error_code::kUsernameMissing, "username/email is required.");
  if (is_absent(credentials.password)) throw Error(error_code::kPasswordMissing, "password is required.");
  auto username = text_or_nothing(credentials.username);
  auto email = text_or_nothing(credentials.email);
  const auto password = text_or_nothing(credentials.password);
  const bool are_texts = password && (username || is_absent(credentials.username)) && (email || is_absent(credentials.email));
  if (!are_texts) throw wrong_credentials();
  if (is_absent(credentials.username)) username.reset();
  if (is_absent(credentials.email)) email.reset();
  if (settings_.users.lower_case_usernames && username) username = lower_case(*username);
  if (settings_.users.lower_case_emails && email) email = lower_case(*email);

  std::optional<Json> user;
  store_.read([&](Reads& reads) { user = find_user_for_login(reads, username, email); });
  // Somebody unknown costs a hash, too, so that the time tells nothing.
  const bool is_right = hasher_.matches(*password, user ? text_of_member(*user, "_hashed_password") : std::string());
  if (!user) throw wrong_credentials();
  note_login(*user, is_right);
  const Json* acl = find_member(*user, "ACL");
  if (acl && acl->empty() && !caller.is_master) throw wrong_credentials();
  return std::move(*user);
}

void UserService::run_trigger(const char* name, const Caller& caller, const std::string& user_id, const std::string& token) const {
  if (!triggers_.listen(name, "_User")) return;
  std::optional<Json> user;
  store_.read([&](Reads& reads) { user = triggers_.object_for_code(reads, user_class(reads), equals("objectId", user_id), kMaster); });
  if (!user) return;
  Caller eyes = caller;
  if (!token.empty()) {  // signed in by now
    (*user)["sessionToken"] = eyes.session_token = token;
    eyes.user_id = user_id;
  }
  triggers_.run(name, "_User", eyes, {{"object", *user}});
}

std::string UserService::user_with_session(const Caller& caller, const std::string& user_id, const std::string& provider,
                                           const Authentication& proof) const {
  std::string answer;
  store_.write([&](Transaction& transaction) {
    store_authentication(transaction, user_id, proof, settings_.users.auth_providers);
    const NewSession session{user_id, created_with("login", provider), caller.installation_id};
    const std::string token = new_session(transaction, session, settings_.users.sessions);
    Json more = {{"sessionToken", token}};
    if (proof.was_checked) more["authDataResponse"] = proof.responses;
    answer = render_user(transaction, caller, user_id, more, settings_);
  });
  return shown(caller, std::move(answer));
}

// As the adapters of its authData want it to be seen.
std::string UserService::shown(const Caller& caller, std::string user) const {
  if (!auth_.changes_shown()) return user;
  Json json = parse_json(user);
  auth_.show(caller, json);
  return to_json_text(json);
}

std::string UserService::log_in(const Caller& caller, const Credentials& credentials) const {
  if (!credentials.auth_data.is_null()) check_auth_data(credentials.auth_data, settings_.users);
  const Json user = check_credentials(caller, credentials);
  const std::string id = text_of_member(user, "objectId");
  auth_.require_additional(caller, user, credentials.auth_data);
  const bool has_proof = !credentials.auth_data.is_null();
  const Authentication proof = has_proof ? auth_.check_sign_in(caller, user, {{"authData", credentials.auth_data}}) : Authentication();
  require_fresh_password(settings_.users.passwords, user);
  if (settings_.users.passwords.max_age_days && !find_member(user, "_password_changed_at")) {
    store_.write([&](Transaction& transaction) {
      const ClassSchema& of = user_class(transaction);
      transaction.update(of, id, {{of.find("_password_changed_at"), encode_date(now_iso())}});
    });
  }
  run_trigger("beforeLogin", caller, id);
  std::string answer = user_with_session(caller, id, "password", proof);
  run_trigger("afterLogin", caller, id, text_of_member(parse_json(answer), "sessionToken"));
  return answer;
}

std::string UserService::verify_password(const Caller& caller, const Credentials& credentials) const {
  const Json user = check_credentials(caller, credentials);
  std::string answer;
  store_.read([&](Reads& reads) { answer = render_user(reads, caller, text_of_member(user, "objectId"), Json::object(), settings_); });
  return shown(caller, std::move(answer));
}

Json UserService::challenge(const Caller& caller, const Credentials& credentials, const Json& body) const {
  const bool is_named = !is_absent(credentials.username) || !is_absent(credentials.email);
  if (is_named && is_absent(credentials.password))
    throw Error(error_code::kOtherCause, "You provided username or email, you need to also provide password.");
  Json user = is_named ? check_credentials(caller, credentials) : Json();
  const Json* asked = find_member(body, "challengeData");
  if (!asked || is_absent(*asked)) throw Error(error_code::kOtherCause, "Nothing to challenge.");
  if (!asked->is_object()) throw Error(error_code::kOtherCause, "challengeData should be an object.");
  if (!is_absent(credentials.auth_data)) {
    if (is_named)
      throw Error(error_code::kOtherCause, "You cannot provide username/email and authData, only use one identification method.");
    user = user_of_challenge(caller, credentials.auth_data);
  }
  return {{"challengeData", auth_.challenge(caller, user, body)}};
}

Json UserService::user_of_challenge(const Caller& caller, const Json& auth_data) const {
  if (!auth_data.is_object()) throw Error(error_code::kOtherCause, "authData should be an object.");
  int with_id = 0;
  for (const auto& [provider, data] : auth_data.items()) {
    if (!data.is_null() && !data.is_object()) throw Error(error_code::kOtherCause, "authData." + provider + " should be an object.");
    if (find_member(data, "id")) ++with_id;
  }
  if (with_id > 1) throw Error(error_code::kOtherCause, "You cannot provide more than one authData provider with an id.");
  check_auth_data(auth_data, settings_.users);
  return auth_.user_of_challenge(caller, auth_data);
}

std::string UserService::log_in_as(const Caller& caller, const std::string& user_id) const {
  bool is_known = false;
  store_.read([&](Reads& reads) { is_known = find_user(reads, user_id).has_value(); });
  if (!is_known) throw Error(error_code::kObjectNotFound, "user not found");
  return user_with_session(caller, user_id, "masterkey");
}

std::string UserService::me(const Caller& caller) const {
  if (!caller.has_user()) throw refusal(settings_.refusals, error_code::kInvalidSessionToken, "Invalid session token");
  std::string answer;
  store_.read([&](Reads& reads) {
    answer = render_user(reads, caller, caller.user_id, {{"sessionToken", caller.session_token}}, settings_);
  });
  return shown(caller, std::move(answer));
}

}  // namespace parsimony
