#include "services/hooks/webhook_protocol.h"

#include <initializer_list>
#include <string>
#include <utility>

#include "common/error.h"
#include "net/redirect.h"
#include "query/json_shape.h"

namespace parsimony {
namespace {

constexpr const char* kNoAnswer = "The webhook answered with something that is no JSON object.";

bool is_date(const Json& value) {
  const std::string* type = find_string(value, "__type");
  return type && *type == "Date" && find_string(value, "iso");
}

Json with_plain_dates(Json value) {
  if (is_date(value)) return value["iso"];
  if (value.is_structured()) {
    for (Json& member : value) member = with_plain_dates(std::move(member));
  }
  return value;
}

Json without(Json object, std::initializer_list<const char*> names) {
  if (object.is_object()) {
    for (const char* name : names) object.erase(name);
  }
  return object;
}

Json public_headers(const Json& request) {
  Json headers = Json::object();
  if (const Json* all = find_member(request, "headers"); all && all->is_object()) {
    for (const auto& [name, value] : all->items()) {
      if (!net::is_secret_header(name)) headers[name] = value;
    }
  }
  return headers;
}

// An object as it will be: the fields that are there under those that were sent, operators as they were sent.
Json object_to_save(const CloudCall& call) {
  const Json* original = find_member(call.request, "original");
  Json object = original && original->is_object() ? *original : Json::object();
  if (const Json* update = find_member(call.request, "update"); update && update->is_object()) {
    for (const auto& [name, value] : update->items()) object[name] = value;
  }
  object["className"] = call.class_name;
  return without(std::move(object), {"__type"});
}

Json member_or(const Json& request, const char* name, Json otherwise) {
  const Json* found = find_member(request, name);
  return found ? *found : otherwise;
}

// What every body holds.
void add_caller(Json& body, const Json& request) {
  body["master"] = member_or(request, "master", false);
  body["isReadOnly"] = member_or(request, "isReadOnly", false);
  if (const Json* user = find_member(request, "user")) body["user"] = without(*user, {"__type", "className"});
  if (const Json* installation = find_member(request, "installationId")) body["installationId"] = *installation;
  body["headers"] = public_headers(request);
  body["ip"] = member_or(request, "ip", "");
  body["context"] = member_or(request, "context", Json::object());
}

Json trigger_body(const CloudCall& call) {
  Json body = {{"triggerName", call.name}};
  if (find_member(call.request, "update")) body["object"] = object_to_save(call);
  for (const char* name : {"object", "original", "query", "count", "isGet", "objects", "file", "fileSize"}) {
    const Json* found = find_member(call.request, name);
    if (found && !body.contains(name)) body[name] = without(*found, {"__type"});
  }
  add_caller(body, call.request);
  return body;
}

// The error of an answer: of an object its message, else the value itself.
[[noreturn]] void raise(const Json& error) {
  const Json* message = find_member(error, "message");
  const Json& shown = message && !message->is_null() ? *message : error;
  if (shown.is_string()) throw Error(error_code::kScriptFailed, shown.get<std::string>());
  throw Error::with_json(error_code::kScriptFailed, to_json_text(shown));
}

Json saved_object(const Json& success) {
  if (success.is_null()) return Json::object();
  if (!success.is_object()) throw Error(error_code::kInvalidKeyName, "The webhook must answer a beforeSave with the object.");
  return {{"update", without(success, {"objectId", "className", "createdAt", "updatedAt", "__type"})}};
}

Json found_objects(const Json& success) {
  if (success.is_null()) return Json::object();
  if (!success.is_array()) throw Error(error_code::kScriptFailed, "The webhook must answer an afterFind with a list of objects.");
  return {{"objects", success}};
}

Json trigger_result(const CloudCall& call, const Json& success) {
  const bool is_of_class = !call.class_name.starts_with('@');
  if (is_of_class && call.name == "beforeSave") return saved_object(success);
  if (is_of_class && call.name == "afterFind") return found_objects(success);
  if (is_of_class && call.name == "afterSave" && success.is_object()) return {{"response", success}};
  return Json::object();
}

}  // namespace

Json webhook_body(const CloudCall& call) {
  if (call.kind == CloudKind::Trigger) return trigger_body(call);
  Json body = {{"params", with_plain_dates(member_or(call.request, "params", Json::object()))}};
  if (const Json* files = find_member(call.request, "files")) body["params"].update(*files);
  add_caller(body, call.request);
  body["functionName"] = call.name;
  return body;
}

Json webhook_result(const CloudCall& call, std::string_view body) {
  Json answer;
  try {
    answer = parse_json(body);
  } catch (const JsonSyntaxError& error) {
    throw Error(error_code::kScriptFailed, kNoAnswer, error.what());
  }
  if (!answer.is_object()) throw Error(error_code::kScriptFailed, kNoAnswer);
  if (const Json* error = find_member(answer, "error"); error && is_truth(*error) && *error != "") raise(*error);
  const Json* success = find_member(answer, "success");
  if (call.kind == CloudKind::Trigger) return trigger_result(call, success ? *success : Json());
  return success ? Json{{"result", *success}} : Json::object();
}

}  // namespace parsimony
