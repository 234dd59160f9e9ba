#include "services/cloud/functions.h"

#include "common/error.h"

namespace parsimony {
namespace {

// A header of the code's must not end the line of its name or value.
bool is_header_text(const std::string& text) { return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos; }

FunctionAnswer read_answer(const Json& json) {
  FunctionAnswer answer;
  if (const Json* result = find_member(json, "result")) answer.body["result"] = *result;
  const Json* status = find_member(json, "status");
  if (status && status->is_number_integer() && *status >= 200 && *status <= 599) answer.status = status->get<int>();
  const Json* headers = find_member(json, "headers");
  if (!headers || !headers->is_object()) return answer;
  for (const auto& [name, value] : headers->items()) {
    if (value.is_string() && is_header_text(name) && is_header_text(value.get<std::string>()))
      answer.headers.emplace_back(name, value.get<std::string>());
  }
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
