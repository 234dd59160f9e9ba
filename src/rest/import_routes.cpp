#include "rest/import_routes.h"

#include "http/message.h"
#include "rest/multipart.h"
#include "services/transfer/import.h"
#include "services/transfer/import_error.h"

namespace parsimony::import_routes {
namespace {

constexpr const char* kPart = "importFile";

// The list of rows: the file of a form, or the body itself.
std::string text_of(const ApiRequest& request) {
  if (!request.http) return to_json_text(request.body);
  const auto type = request.http->header("Content-Type");
  if (!type || !is_multipart(*type)) return std::string(request.http->body);
  for (const FormPart& part : read_form_parts(*type, request.http->body)) {
    if (part.name == kPart) return std::string(part.content);
  }
  throw Error::bad_body("The form has no file \"" + std::string(kPart) + "\"");
}

// Parse's own errors are {"code","error"}; clients of this route look for "message".
ApiResponse refusal(const ImportError& error) {
  return {400, to_json_text({{"code", error_code::kInvalidJson}, {"error", error.what()}, {"message", error.what()}}), {}};
}

ApiResponse import(const RestContext& context, const ApiRequest& request, const std::string& file_name) {
  ImportOptions options;
  options.object_id_size = context.services.settings.object_id_size;
  try {
    const TextImport done = import_text(context.services.store, file_name, text_of(request), options);
    return json_response(
        {{"response", done.rows}, {"added", done.counts.added}, {"changed", done.counts.changed}, {"unchanged", done.counts.unchanged}});
  } catch (const ImportError& error) {
    return refusal(error);
  }
}

}  // namespace

ApiResponse objects(const RestContext& context, const ApiRequest& request) {
  return import(context, request, request.captures[0] + ".json");
}

ApiResponse relation(const RestContext& context, const ApiRequest& request) {
  return import(context, request, "_Join:" + request.captures[1] + ":" + request.captures[0] + ".json");
}

}  // namespace parsimony::import_routes
