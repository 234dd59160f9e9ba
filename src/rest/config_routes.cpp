#include "rest/config_routes.h"

#include "rest/request_body.h"

namespace parsimony::config_routes {

ApiResponse get(const RestContext& context, const ApiRequest& request) {
  return json_response(context.services.config.get(request.caller));
}

ApiResponse update(const RestContext& context, const ApiRequest& request) {
  refuse_denied_keywords(request.body, context.settings);
  context.services.config.update(request.caller, request.body);
  return json_response({{"result", true}});
}

}  // namespace parsimony::config_routes
