#include "rest/session_routes.h"

namespace parsimony::session_routes {

ApiResponse current(const RestContext& context, const ApiRequest& request) {
  return {200, context.services.sessions.current(request.caller, request.caller.session_token), {}};
}

// Old clients have tokens without "r:" in front, which were never made here.
ApiResponse upgrade(const RestContext& context, const ApiRequest& request) {
  const std::string& token = request.caller.session_token;
  if (token.empty()) throw Error(error_code::kObjectNotFound, "invalid session");
  if (!token.starts_with("r:")) throw Error(error_code::kInvalidSessionToken, "invalid legacy session token");
  return {200, context.services.sessions.upgrade(context.services.sessions.sign_in(request.caller, token)), {}};
}

}  // namespace parsimony::session_routes
