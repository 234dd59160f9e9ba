#include "services/sessions/session_service.h"

#include <algorithm>
#include <array>

#include "common/clock.h"
#include "services/objects/field_changes.h"
#include "services/objects/object_renderer.h"
#include "services/objects/row_reader.h"
#include "services/sessions/role_reader.h"
#include "services/sessions/session_rows.h"
#include "types/date.h"
#include "types/pointer.h"

namespace parsimony {
namespace {

using error_code::kInvalidKeyName;
using error_code::kInvalidSessionToken;

constexpr std::array<std::string_view, 5> kOwnFields = {"user", "installationId", "sessionToken", "expiresAt", "createdWith"};

std::optional<Json> find_session(Reads& reads, const std::string& token) {
  const ClassSchema* of = reads.schema().find("_Session");
  return of ? read_row(reads, *of, equals("sessionToken", token)) : std::nullopt;
}

std::optional<std::int64_t> end_of(const Json& session) {
  const Json* expires = find_member(session, "expiresAt");
  const auto iso = expires ? decode_date(*expires) : std::nullopt;
  return iso ? parse_iso_date(*iso) : std::nullopt;
}

std::string user_of(const Json& session) {
  const Json* user = find_member(session, "user");
  const auto pointer = user ? decode_pointer(*user) : std::nullopt;
  return pointer ? pointer->object_id : std::string();
}

bool is_anonymous(const Json& user) { return !text_of_member(user, "_auth_id_anonymous").empty(); }

bool is_in_second_half(std::int64_t end, const SessionSettings& settings) { return end - now_ms() < settings.length_s * 1000 / 2; }

void extend(Store& store, const std::string& session_id, const SessionSettings& settings) {
  store.write([&](Transaction& transaction) {
    const ClassSchema& of = *transaction.schema().find("_Session");
    const FieldValues values = {{of.find("expiresAt"), encode_date(*session_end(settings))},
                                {of.find("updatedAt"), encode_date(now_iso())}};
    transaction.update(of, session_id, values);
  });
}

// What an app keeps in a session beside the product's own fields.
Json without_own_fields(const Json& body) {
  Json rest = Json::object();
  for (const auto& [name, value] : body.items()) {
    const bool is_own = std::find(kOwnFields.begin(), kOwnFields.end(), name) != kOwnFields.end();
    if (!is_own && name != "ACL") rest[name] = value;
  }
  return rest;
}

void add_fields_of(Transaction& transaction, const Json& more, const Caller& caller, const ServiceSettings& settings) {
  if (const ClassSchema* of = transaction.schema().find("_Session"))
    require_fields_of_new_object(transaction, *of, parse_update(more), caller, settings);
}

// As its user sees it, whether it has ended or not; empty when there is none.
std::string render_session(Reads& reads, const Caller& caller, const std::string& token, const ServiceSettings& settings) {
  const auto session = find_session(reads, token);
  if (!session) return {};
  Caller user = caller;
  user.user_id = user_of(*session);
  return ObjectRenderer(reads, user, settings).render(*reads.schema().find("_Session"), equals("sessionToken", token), {}).text;
}

}  // namespace

Caller SessionService::sign_in(Caller caller, const std::string& token) const {
  std::optional<Json> session;
  store_.read([&](Reads& reads) {
    session = find_session(reads, token);
    if (!session) return;
    caller.user_id = user_of(*session);
    const auto user = read_row(reads, *reads.schema().find("_User"), equals("objectId", caller.user_id));
    if (!user) return session.reset();
    caller.is_anonymous = is_anonymous(*user);
    caller.roles = roles_of(reads, caller.user_id);
  });
  if (!session) throw Error(kInvalidSessionToken, "Invalid session token");
  const auto end = end_of(*session);
  if (end && *end < now_ms()) throw Error(kInvalidSessionToken, "Session token is expired.");
  const SessionSettings& rules = settings_.users.sessions;
  if (end && rules.extend_on_use && rules.expire && is_in_second_half(*end, rules)) {
    extend(store_, text_of_member(*session, "objectId"), rules);
  }
  caller.session_token = token;
  return caller;
}

std::string SessionService::current(const Caller& caller, const std::string& token) const {
  if (token.empty()) throw Error(kInvalidSessionToken, "Session token required.");
  std::string answer;
  store_.read([&](Reads& reads) { answer = render_session(reads, caller, token, settings_); });
  if (answer.empty()) throw Error(kInvalidSessionToken, "Session token not found.");
  return answer;
}

PreparedWrite SessionService::prepare_create(const Caller& caller, const Json& body) const {
  if (!caller.has_user()) throw Error(kInvalidSessionToken, "Session token required.");
  Json more = without_own_fields(body);
  parse_update(more);
  return [caller, more = std::move(more), &settings = settings_](Transaction& transaction) {
    NewSession session{caller.user_id, {{"action", "create"}}, {}, more};
    if (!more.empty()) add_fields_of(transaction, more, caller, settings);
    MadeSession made = make_session(transaction, session, settings.users.sessions);
    made.row.erase("createdAt");
    made.row.erase("updatedAt");
    return SaveResult{made.object_id, std::move(made.row)};
  };
}

void SessionService::log_out(const Caller& caller, const std::string& token) const {
  std::optional<Json> session;
  const bool is_watched = triggers_.listen("afterLogout", "_Session");
  store_.write([&](Transaction& transaction) {
    if (is_watched) session = find_session(transaction, token);
    end_session(transaction, token);
  });
  if (!session) return;
  (*session)["className"] = "_Session";
  triggers_.run("afterLogout", "_Session", caller, {{"object", *session}});
}

std::string SessionService::upgrade(const Caller& caller) const {
  std::string answer;
  store_.write([&](Transaction& transaction) {
    const NewSession session{caller.user_id, {{"action", "upgrade"}}, caller.installation_id};
    const MadeSession made = make_session(transaction, session, settings_.users.sessions);
    answer = render_session(transaction, caller, made.token, settings_);
  });
  return answer;
}

void require_session_fields(const Caller& caller, const Json& body) {
  if (find_member(body, "ACL")) throw Error(kInvalidKeyName, "Cannot set ACL on a Session.");
  if (caller.is_master) return;
  for (const std::string_view name : kOwnFields) {
    if (find_member(body, name)) throw Error(kInvalidKeyName, "Invalid key name: " + std::string(name));
  }
}

}  // namespace parsimony
