#include "services/hooks/webhook_protocol.h"

#include <catch2/catch.hpp>

#include "common/error.h"
#include "support/refusal.h"

using namespace parsimony;

namespace {

CloudCall call_of(CloudKind kind, const char* name, const char* class_name, const char* request) {
  return {kind, name, class_name, parse_json(request)};
}

std::string body_of(CloudKind kind, const char* name, const char* class_name, const char* request) {
  return to_json_text(webhook_body(call_of(kind, name, class_name, request)));
}

// What the service gets, or what is refused.
std::string result_of(CloudKind kind, const char* name, const char* class_name, const std::string& answer) {
  std::string text;
  const auto [code, message] = refusal_of([&] { text = to_json_text(webhook_result(call_of(kind, name, class_name, "{}"), answer)); });
  return code == 0 ? text : std::to_string(code) + " " + message;
}

std::string of_function(const std::string& answer) { return result_of(CloudKind::Function, "f", "", answer); }
std::string of_trigger(const char* name, const std::string& answer) { return result_of(CloudKind::Trigger, name, "C", answer); }

}  // namespace

TEST_CASE("the body for a function") {
  CHECK(body_of(CloudKind::Function, "f", "", "{}") ==
        R"({"params":{},"master":false,"isReadOnly":false,"headers":{},"ip":"","context":{},"functionName":"f"})");
  CHECK(body_of(CloudKind::Function, "f", "", R"({
          "params":{"d":{"__type":"Date","iso":"2020-01-01T00:00:00.000Z"},"l":[{"d":{"__type":"Date","iso":"x"}}],
                    "p":{"__type":"Pointer","className":"X","objectId":"a"}},
          "master":true,"isReadOnly":true,"user":{"__type":"Object","className":"_User","objectId":"u","sessionToken":"r:1"},
          "userRoles":["role:a"],"installationId":"i","ip":"1.2.3.4","context":{"a":1},
          "headers":{"x-parse-master-key":"m","X-Parse-REST-API-Key":"r","x-parse-session-token":"s","authorization":"b","cookie":"c",
                     "x-parse-application-id":"app","user-agent":"u"}})") ==
        R"({"params":{"d":"2020-01-01T00:00:00.000Z","l":[{"d":"x"}],"p":{"__type":"Pointer","className":"X","objectId":"a"}},)"
        R"("master":true,"isReadOnly":true,"user":{"objectId":"u","sessionToken":"r:1"},"installationId":"i",)"
        R"("headers":{"x-parse-application-id":"app","user-agent":"u"},"ip":"1.2.3.4","context":{"a":1},"functionName":"f"})");
}

TEST_CASE("the body for triggers") {
  const std::string caller = R"("master":false,"isReadOnly":false,"headers":{},"ip":"","context":{})";
  CHECK(body_of(CloudKind::Trigger, "beforeSave", "C", R"({"update":{"n":1,"d":{"__type":"Date","iso":"x"}}})") ==
        R"({"triggerName":"beforeSave","object":{"n":1,"d":{"__type":"Date","iso":"x"},"className":"C"},)" + caller + "}");
  CHECK(
      body_of(
          CloudKind::Trigger, "beforeSave", "C",
          R"({"update":{"n":1,"k":{"__op":"Increment","amount":2}},"original":{"__type":"Object","className":"C","objectId":"a","n":0,"e":5}})") ==
      R"({"triggerName":"beforeSave","object":{"className":"C","objectId":"a","n":1,"e":5,"k":{"__op":"Increment","amount":2}},)"
      R"("original":{"className":"C","objectId":"a","n":0,"e":5},)" +
          caller + "}");
  CHECK(body_of(CloudKind::Trigger, "afterDelete", "C", R"({"object":{"className":"C","objectId":"a"}})") ==
        R"({"triggerName":"afterDelete","object":{"className":"C","objectId":"a"},)" + caller + "}");
  CHECK(body_of(CloudKind::Trigger, "beforeFind", "C", R"({"query":{"where":{},"limit":100},"count":false,"isGet":false})") ==
        R"({"triggerName":"beforeFind","query":{"where":{},"limit":100},"count":false,"isGet":false,)" + caller + "}");
  CHECK(body_of(CloudKind::Trigger, "afterFind", "C",
                R"({"objects":[{"className":"C","objectId":"a"}],"query":{"where":{}},"isGet":true})") ==
        R"({"triggerName":"afterFind","query":{"where":{}},"isGet":true,"objects":[{"className":"C","objectId":"a"}],)" + caller + "}");
}

TEST_CASE("what a function makes of an answer") {
  CHECK(of_function(R"({"success":{"a":[1,null]}})") == R"({"result":{"a":[1,null]}})");
  CHECK(of_function(R"({"success":null})") == R"({"result":null})");
  CHECK(of_function(R"({"success":0,"error":false})") == R"({"result":0})");
  CHECK(of_function(R"({"success":1,"error":""})") == R"({"result":1})");
  CHECK(of_function(R"({"other":1})") == "{}");
  CHECK(of_function(R"({"error":"no"})") == "141 no");
  CHECK(of_function(R"({"error":"no","success":1,"code":5})") == "141 no");
  CHECK(of_function(R"({"error":{"code":1234,"message":"no"}})") == "141 no");
}

TEST_CASE("an error may be any value") {
  const auto json_of = [](const char* answer) {
    try {
      webhook_result(call_of(CloudKind::Function, "f", "", "{}"), answer);
    } catch (const Error& error) {
      return error.is_json() ? error.message() : "text";
    }
    return std::string("none");
  };
  CHECK(json_of(R"({"error":5})") == "5");
  CHECK(json_of(R"({"error":{"code":1234,"error":"m"}})") == R"({"code":1234,"error":"m"})");
  CHECK(json_of(R"({"error":{"message":{"a":1}}})") == R"({"a":1})");
  CHECK(json_of(R"({"error":"5"})") == "text");
}

TEST_CASE("what is no answer") {
  const auto answer =
      GENERATE(as<std::string>{}, "", "hello", "[1]", "1", "null", R"({"success":1)", std::string(300, '[') + std::string(300, ']'));
  const std::string refused = "141 The webhook answered with something that is no JSON object.";
  CHECK(of_function(answer) == refused);
  CHECK(of_trigger("beforeSave", answer) == refused);
  CHECK(of_trigger("afterDelete", answer) == refused);
}

TEST_CASE("what triggers make of an answer") {
  CHECK(of_trigger("beforeSave", R"({"success":{"n":7,"objectId":"x","className":"D","createdAt":"a","updatedAt":"b"}})") ==
        R"({"update":{"n":7}})");
  CHECK(of_trigger("beforeSave", R"({"success":{}})") == R"({"update":{}})");
  CHECK(of_trigger("beforeSave", R"({"success":null})") == "{}");
  CHECK(of_trigger("beforeSave", "{}") == "{}");
  CHECK(of_trigger("beforeSave", R"({"success":true})") == "105 The webhook must answer a beforeSave with the object.");
  CHECK(of_trigger("beforeSave", R"({"success":[1]})") == "105 The webhook must answer a beforeSave with the object.");
  CHECK(of_trigger("beforeSave", R"({"error":"no"})") == "141 no");
  CHECK(of_trigger("afterSave", R"({"success":{"n":1}})") == R"({"response":{"n":1}})");
  CHECK(of_trigger("afterSave", R"({"success":true})") == "{}");
  CHECK(of_trigger("afterFind", R"({"success":[]})") == R"({"objects":[]})");
  CHECK(of_trigger("afterFind", "{}") == "{}");
  CHECK(of_trigger("afterFind", R"({"success":true})") == "141 The webhook must answer an afterFind with a list of objects.");
  for (const char* name : {"beforeDelete", "afterDelete", "beforeFind", "beforeLogin", "afterLogin", "afterLogout"}) {
    CHECK(of_trigger(name, R"({"success":{"where":{}}})") == "{}");
    CHECK(of_trigger(name, R"({"error":"no"})") == "141 no");
  }
  CHECK(result_of(CloudKind::Trigger, "beforeSave", "@Config", R"({"success":{"params":{}}})") == "{}");
}
