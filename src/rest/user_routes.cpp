#include "rest/user_routes.h"

#include "http/message.h"

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

}  // namespace

ApiResponse me(const RestContext& context, const ApiRequest& request) {
  Caller caller = request.caller;
  if (!caller.has_user() && !caller.session_token.empty()) caller = context.services.sessions.sign_in(caller, request.caller.session_token);
  return {200, context.services.users.me(caller), {}};
}

ApiResponse log_in(const RestContext& context, const ApiRequest& request) {
  return {200, context.services.users.log_in(request.caller, read_credentials(request)), {}};
}

ApiResponse verify_password(const RestContext& context, const ApiRequest& request) {
  return {200, context.services.users.verify_password(request.caller, read_credentials(request)), {}};
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
