#include "rest/hook_routes.h"

#include "rest/request_body.h"

namespace parsimony::hook_routes {
namespace {

bool is_removal(const ApiRequest& request) {
  const std::string* op = find_string(request.body, "__op");
  return op && *op == "Delete";
}

}  // namespace

ApiResponse functions(const RestContext& context, const ApiRequest&) { return json_response(context.services.hooks.functions()); }

ApiResponse function(const RestContext& context, const ApiRequest& request) {
  return json_response(context.services.hooks.function(request.captures[0]));
}

ApiResponse triggers(const RestContext& context, const ApiRequest&) { return json_response(context.services.hooks.triggers()); }

ApiResponse trigger(const RestContext& context, const ApiRequest& request) {
  return json_response(context.services.hooks.trigger(request.captures[0], request.captures[1]));
}

ApiResponse create(const RestContext& context, const ApiRequest& request) {
  refuse_denied_keywords(request.body, context.settings);
  return json_response(context.services.hooks.create(request.body));
}

ApiResponse change_function(const RestContext& context, const ApiRequest& request) {
  refuse_denied_keywords(request.body, context.settings);
  const std::string& name = request.captures[0];
  if (!is_removal(request)) return json_response(context.services.hooks.update_function(name, request.body));
  context.services.hooks.remove_function(name);
  return json_response(Json::object());
}

ApiResponse change_trigger(const RestContext& context, const ApiRequest& request) {
  refuse_denied_keywords(request.body, context.settings);
  const std::string& class_name = request.captures[0];
  const std::string& trigger_name = request.captures[1];
  if (!is_removal(request)) return json_response(context.services.hooks.update_trigger(class_name, trigger_name, request.body));
  context.services.hooks.remove_trigger(class_name, trigger_name);
  return json_response(Json::object());
}

}  // namespace parsimony::hook_routes
