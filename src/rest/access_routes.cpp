#include "rest/access_routes.h"

#include "http/message.h"
#include "services/objects/access_explanation.h"

namespace parsimony::access_routes {
namespace {

// An id is text, also where it looks like a number.
std::string text_parameter(const ApiRequest& request, std::string_view name) {
  if (request.http) {
    for (const auto& [key, value] : request.http->query) {
      if (key == name) return value;
    }
  }
  const Json parameters = request.parameters();
  const Json* value = find_member(parameters, name);
  if (!value || value->is_null()) return {};
  if (value->is_string()) return value->get<std::string>();
  throw Error(error_code::kInvalidQuery, "Invalid value for parameter: " + std::string(name));
}

}  // namespace

ApiResponse explain(const RestContext& context, const ApiRequest& request) {
  AccessQuestion question{request.captures[0], request.captures[1], text_parameter(request, "user")};
  const std::string operation = text_parameter(request, "operation");
  if (!operation.empty()) question.operation = explainable_operation(operation);
  AccessExplanation explanation;
  context.services.store.read([&](Reads& reads) { explanation = explain_access(reads, question, context.services.settings); });
  return json_response(encode(question, explanation));
}

}  // namespace parsimony::access_routes
