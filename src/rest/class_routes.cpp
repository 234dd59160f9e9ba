#include "rest/class_routes.h"

#include "common/percent_encoding.h"
#include "rest/request_body.h"

namespace parsimony::class_routes {

ApiResponse find(const RestContext& context, const ApiRequest& request) {
  return {200, context.services.finds.find(request.caller, request.captures[0], request.parameters()), {}};
}

ApiResponse get(const RestContext& context, const ApiRequest& request) {
  std::string object = context.services.finds.get(request.caller, request.captures[0], request.captures[1], request.parameters());
  if (request.captures[0] == "_User" && request.caller.has_user() && request.captures[1] == request.caller.user_id) {
    object.back() = ',';
    object += to_json_text(Json{{"sessionToken", request.caller.session_token}}).substr(1);
  }
  return {200, std::move(object), {}};
}

PreparedWrite prepare_create(const RestContext& context, const ApiRequest& request) {
  refuse_denied_keywords(request.body, context.settings);
  return context.services.saves.prepare_create(request.caller, request.captures[0], request.body);
}

PreparedWrite prepare_update(const RestContext& context, const ApiRequest& request) {
  refuse_denied_keywords(request.body, context.settings);
  return context.services.saves.prepare_update(request.caller, request.captures[0], request.captures[1], request.body);
}

PreparedWrite prepare_remove(const RestContext& context, const ApiRequest& request) {
  return context.services.saves.prepare_remove(request.caller, request.captures[0], request.captures[1]);
}

ApiResponse answer_create(const RestContext& context, const ApiRequest& request, const SaveResult& result) {
  if (!result.is_new) return json_response(result.answer);
  const std::string& class_name = request.captures[0];
  const std::string path = class_name == "_User" ? "/users/" : "/classes/" + class_name + "/";
  const std::string location = context.settings.server_url + path + percent_encoded(result.object_id);
  return {201, to_json_text(result.answer), {{"Location", location}}};
}

ApiResponse answer_save(const RestContext&, const ApiRequest&, const SaveResult& result) { return json_response(result.answer); }

}  // namespace parsimony::class_routes
