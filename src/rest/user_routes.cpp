#include "rest/user_routes.h"

#include "http/message.h"
#include "services/users/user_rows.h"

namespace parsimony::user_routes {
namespace {

Json text_in_query(const ApiRequest& request, std::string_view name) {
  if (!request.http) return nullptr;
  for (const auto& [key, value] : request.http->query) {
    if (key == name) return value;
  }
  return nullptr;
}

// From the body, or from a query that names somebody where the body does not; there a name is text, whatever it looks like.
Credentials read_credentials(const ApiRequest& request) {
  const auto in_body = [&](std::string_view name) {
    const Json* value = find_member(request.body, name);
    return value ? *value : Json();
  };
  Credentials given{in_body("username"), in_body("email"), in_body("password"), in_body("authData")};
  if (!given.username.is_null() || !given.email.is_null()) return given;
  Credentials asked{text_in_query(request, "username"), text_in_query(request, "email"), text_in_query(request, "password"), nullptr};
  return asked.username.is_null() && asked.email.is_null() ? given : asked;
}

// The user as a get of it by itself answers, where code listens to finds of users; with what the answer says of the session.
Json as_found(const RestContext& context, Caller caller, const Json& user) {
  const std::string& id = *find_string(user, "objectId");
  if (!caller.is_master) context.services.store.read([&](Reads& reads) { caller = as_user(std::move(caller), reads, id); });
  Json found = parse_json(context.services.finds.get(caller, "_User", id, Json::object()));
  for (const char* name : {"sessionToken", "authDataResponse"}) {
    if (const Json* value = find_member(user, name)) found[name] = *value;
  }
  return found;
}

bool listens_to_finds(const RestContext& context) {
  const Triggers& triggers = context.services.triggers;
  return triggers.listen("beforeFind", "_User") || triggers.listen("afterFind", "_User");
}

// Whom the code hides is signed in nevertheless, and answered without fields.
std::string as_found_at_login(const RestContext& context, const Caller& caller, std::string answer) {
  if (!listens_to_finds(context)) return answer;
  const Json user = parse_json(answer);
  try {
    return to_json_text(as_found(context, caller, user));
  } catch (const Error&) {
    if (caller.is_master) return answer;
  }
  Json bare = Json::object();
  for (const char* name : {"objectId", "sessionToken", "authDataResponse"}) {
    if (const Json* value = find_member(user, name)) bare[name] = *value;
  }
  return to_json_text(bare);
}

}  // namespace

ApiResponse me(const RestContext& context, const ApiRequest& request) {
  Caller caller = request.caller;
  if (!caller.has_user() && !caller.session_token.empty()) caller = context.services.sessions.sign_in(caller, request.caller.session_token);
  std::string user = context.services.users.me(caller);
  if (listens_to_finds(context)) user = to_json_text(as_found(context, caller, parse_json(user)));
  return {200, std::move(user), {}};
}

ApiResponse log_in(const RestContext& context, const ApiRequest& request) {
  return {200, as_found_at_login(context, request.caller, context.services.users.log_in(request.caller, read_credentials(request))), {}};
}

ApiResponse verify_password(const RestContext& context, const ApiRequest& request) {
  std::string user = context.services.users.verify_password(request.caller, read_credentials(request));
  return {200, as_found_at_login(context, request.caller, std::move(user)), {}};
}

ApiResponse log_in_as(const RestContext& context, const ApiRequest& request) {
  const Caller& caller = request.caller;
  if (!caller.is_master || caller.is_maintenance || caller.is_read_only)
    throw forbidden(context.services.settings.refusals, "master key is required");
  const Json parameters = request.parameters();
  const Json* user_id = find_member(parameters, "userId");
  if (!user_id || user_id->is_null() || *user_id == Json(""))
    throw Error(error_code::kInvalidValue, "userId must not be empty, null, or undefined");
  if (!user_id->is_string()) throw Error(error_code::kObjectNotFound, "user not found");
  return {200, context.services.users.log_in_as(caller, user_id->get<std::string>()), {}};
}

ApiResponse log_out(const RestContext& context, const ApiRequest& request) {
  if (!request.caller.session_token.empty()) context.services.sessions.log_out(request.caller, request.caller.session_token);
  return json_response(Json::object());
}

ApiResponse challenge(const RestContext& context, const ApiRequest& request) {
  return json_response(context.services.users.challenge(request.caller, read_credentials(request), request.body));
}

}  // namespace parsimony::user_routes
