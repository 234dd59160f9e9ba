#include "rest/schema_routes.h"

#include "rest/request_body.h"

namespace parsimony::schema_routes {
namespace {

// The class that path and body name; throws 103 when they differ.
std::string class_name_of(const ApiRequest& request) {
  const std::string* in_body = find_string(request.body, "className");
  if (request.captures.empty()) {
    if (in_body && !in_body->empty()) return *in_body;
    throw Error(error_code::kMissingTargetClass, request.method + " " + request.path + " needs a class name.");
  }
  if (in_body && *in_body != request.captures[0]) {
    throw Error(error_code::kInvalidClassName, "Class name mismatch between " + *in_body + " and " + request.captures[0] + ".");
  }
  return request.captures[0];
}

// A default comes to stand in objects, which may not hold the denied words.
void refuse_denied_defaults(const RestContext& context, const ApiRequest& request) {
  const Json* fields = find_member(request.body, "fields");
  if (!fields || !fields->is_object()) return;
  for (const auto& [name, definition] : fields->items()) {
    if (const Json* value = find_member(definition, "defaultValue")) refuse_denied_keywords(*value, context.settings);
  }
}

}  // namespace

ApiResponse list(const RestContext& context, const ApiRequest&) { return json_response(context.services.schemas.list()); }

ApiResponse get(const RestContext& context, const ApiRequest& request) {
  return json_response(context.services.schemas.get(request.captures[0]));
}

ApiResponse create(const RestContext& context, const ApiRequest& request) {
  refuse_denied_defaults(context, request);
  return json_response(context.services.schemas.create(class_name_of(request), request.body));
}

ApiResponse update(const RestContext& context, const ApiRequest& request) {
  refuse_denied_defaults(context, request);
  return json_response(context.services.schemas.update(class_name_of(request), request.body));
}

ApiResponse remove(const RestContext& context, const ApiRequest& request) {
  context.services.schemas.remove(request.captures[0]);
  return json_response(Json::object());
}

ApiResponse purge(const RestContext& context, const ApiRequest& request) {
  context.services.writer.purge(request.captures[0]);
  return json_response(Json::object());
}

}  // namespace parsimony::schema_routes
