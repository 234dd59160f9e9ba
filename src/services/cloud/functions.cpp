#include "services/cloud/functions.h"

#include "common/error.h"
#include "services/cloud/code_headers.h"

namespace parsimony {
namespace {

FunctionAnswer read_answer(const Json& json) {
  FunctionAnswer answer;
  if (const Json* result = find_member(json, "result")) answer.body["result"] = *result;
  const Json* status = find_member(json, "status");
  if (status && status->is_number_integer() && *status >= 200 && *status <= 599) answer.status = status->get<int>();
  answer.headers = headers_of_code(find_member(json, "headers"));
  return answer;
}

}  // namespace

FunctionAnswer Functions::call(const Caller& caller, const std::string& name, Json params, Json files) const {
  if (!code_.has_function(name)) throw Error(error_code::kScriptFailed, "Invalid function: \"" + name + "\"");
  CloudCall call{CloudKind::Function, name, {}, {{"params", std::move(params)}, {"functionName", name}}};
  if (!files.empty()) call.request["files"] = std::move(files);
  return read_answer(triggers_.run(std::move(call), caller));
}

}  // namespace parsimony
