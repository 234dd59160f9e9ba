#include "rest/class_routes.h"

#include "common/percent_encoding.h"
#include "rest/request_body.h"

namespace parsimony::class_routes {

ApiResponse find(const RestContext& context, const ApiRequest& request) {
  const bool is_master = request.caller.is_master;
  const ComplexityLimits limits = is_master ? ComplexityLimits{} : context.services.settings.complexity;
  const FindOptions options = parse_find_options(request.parameters(), request.caller.is_maintenance, limits);
  return {200, context.services.reader.find(request.caller, request.captures[0], options), {}};
}

ApiResponse get(const RestContext& context, const ApiRequest& request) {
  const FindOptions options = parse_get_options(request.parameters());
  return {200, context.services.reader.get(request.caller, request.captures[0], request.captures[1], options), {}};
}

PreparedWrite prepare_create(const RestContext& context, const ApiRequest& request) {
  refuse_denied_keywords(request.body, context.settings);
  return context.services.writer.prepare_create(request.caller, request.captures[0], request.body);
}

PreparedWrite prepare_update(const RestContext& context, const ApiRequest& request) {
  refuse_denied_keywords(request.body, context.settings);
  return context.services.writer.prepare_update(request.caller, request.captures[0], request.captures[1], request.body);
}

PreparedWrite prepare_remove(const RestContext& context, const ApiRequest& request) {
  return context.services.writer.prepare_remove(request.caller, request.captures[0], request.captures[1]);
}

ApiResponse answer_create(const RestContext& context, const ApiRequest& request, const SaveResult& result) {
  const std::string location = context.settings.server_url + "/classes/" + request.captures[0] + "/" + percent_encoded(result.object_id);
  return {201, to_json_text(result.answer), {{"Location", location}}};
}

ApiResponse answer_save(const RestContext&, const ApiRequest&, const SaveResult& result) { return json_response(result.answer); }

}  // namespace parsimony::class_routes
