#include "rest/function_routes.h"

#include "common/base64.h"
#include "http/message.h"
#include "rest/multipart.h"
#include "rest/request_body.h"

namespace parsimony::function_routes {
namespace {

// The parameters that a form gives: texts, and files beside them. Of equal names the last counts.
struct FormParameters {
  Json texts = Json::object();
  Json files = Json::object();

  void add(const FormPart& part) {
    texts.erase(part.name);
    files.erase(part.name);
    if (part.is_file()) {
      files[part.name] = {
          {"filename", part.file_name.value_or("")}, {"contentType", part.content_type}, {"data", encode_base64(part.content)}};
    } else {
      texts[part.name] = part.content;
    }
  }
};

FormParameters read_form(const http::Request& request, std::string_view content_type) {
  FormParameters form;
  for (const FormPart& part : read_form_parts(content_type, request.body)) form.add(part);
  return form;
}

FunctionAnswer call_with_form(const RestContext& context, const ApiRequest& request, std::string_view content_type) {
  FormParameters form = read_form(*request.http, content_type);
  refuse_denied_keywords(form.texts, context.settings);
  for (const auto& [name, file] : form.files.items()) refuse_denied_keywords({{name, file["filename"]}}, context.settings);
  const Json in_url = read_query_texts(*request.http);
  for (const auto& [name, value] : in_url.items()) {
    form.texts[name] = value;
    form.files.erase(name);
  }
  return context.services.functions.call(request.caller, request.captures[0], std::move(form.texts), std::move(form.files));
}

FunctionAnswer answer_to(const RestContext& context, const ApiRequest& request) {
  const auto type = request.http ? request.http->header("Content-Type") : std::nullopt;
  if (type && is_multipart(*type)) return call_with_form(context, request, *type);
  refuse_denied_keywords(request.body, context.settings);
  return context.services.functions.call(request.caller, request.captures[0], request.code_parameters());
}

}  // namespace

ApiResponse call(const RestContext& context, const ApiRequest& request) {
  FunctionAnswer answer = answer_to(context, request);
  return {answer.status.value_or(200), to_json_text(answer.body), std::move(answer.headers)};
}

}  // namespace parsimony::function_routes
