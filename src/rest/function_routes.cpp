#include "rest/function_routes.h"

#include "rest/request_body.h"

namespace parsimony::function_routes {

ApiResponse call(const RestContext& context, const ApiRequest& request) {
  refuse_denied_keywords(request.body, context.settings);
  FunctionAnswer answer = context.services.functions.call(request.caller, request.captures[0], request.parameters());
  return {answer.status.value_or(200), to_json_text(answer.body), std::move(answer.headers)};
}

}  // namespace parsimony::function_routes
