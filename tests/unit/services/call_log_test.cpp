#include "services/cloud/call_log.h"

#include <catch2/catch.hpp>

using namespace parsimony;

namespace {

std::string masked(const char* json, std::size_t max_bytes = 10'000) { return masked_text(parse_json(json), max_bytes); }

// Collects the last line.
class LastLine final : public log::Sink {
 public:
  LastLine() {
    log::configure(log::Level::off, log::Format::text);
    log::set_sink(this, log::Level::info);
    line = {};
  }
  ~LastLine() override { log::set_sink(nullptr); }
  LastLine(const LastLine&) = delete;
  LastLine& operator=(const LastLine&) = delete;
  void take(log::Line taken) override { line = std::move(taken); }

  log::Line line;
};

using Fields = std::vector<std::pair<std::string, std::string>>;

}  // namespace

TEST_CASE("secrets are masked by their names, at any depth") {
  CHECK(masked(R"({"a":1,"b":[null,true,"x"],"c":{}})") == R"({"a":1,"b":[null,true,"x"],"c":{}})");
  CHECK(
      masked(R"({"password":"p","oldPassword":1,"sessionToken":"t","API_Key":1,"apiKey":"k","authData":{"a":{"id":"x"}}})") ==
      R"({"password":"********","oldPassword":"********","sessionToken":"********","API_Key":"********","apiKey":"********","authData":"********"})");
  CHECK(masked(R"([{"deep":[{"clientSecret":"s","shown":1}]}])") == R"([{"deep":[{"clientSecret":"********","shown":1}]}])");
}

TEST_CASE("texts end soon after they are long enough") {
  CHECK(masked(R"({"a":"0123456789","b":"0123456789"})", 12).size() < 40);
  const std::string longest = masked_text(Json(std::string(1'000'000, 'x')), 100);
  CHECK(longest.size() < 200);
  Json many = Json::array();
  for (int i = 0; i < 100'000; ++i) many.push_back(i);
  CHECK(masked_text(many, 100).size() < 120);
}

TEST_CASE("one line for a call") {
  LastLine last;
  CallLogLevels levels;
  Caller caller;
  const Json input = {{"n", 1}, {"password", "p"}};
  const Json answer = {{"result", {{"sum", 5}}}};
  const Error error(error_code::kScriptFailed, "broken\nheart");
  SECTION("of a function") {
    log_call(levels, {CloudKind::Function, "f", {}}, caller, input, &answer, nullptr);
    CHECK(last.line.message == R"(Ran cloud function f for user anonymous: input {"n":1,"password":"********"}, result {"sum":5})");
    CHECK(last.line.fields == Fields{{"functionName", "f"}, {"user", "anonymous"}});
    CHECK(last.line.level == log::Level::info);
  }
  SECTION("of a function that failed") {
    caller.user_id = "u1";
    log_call(levels, {CloudKind::Function, "f", {}}, caller, Json::object(), nullptr, &error);
    CHECK(last.line.message == R"(Failed running cloud function f for user u1: input {}, error "broken\nheart")");
    CHECK(last.line.level == log::Level::error);
  }
  SECTION("of a job") {
    caller.is_master = true;
    log_call(levels, {CloudKind::Job, "j", {}}, caller, Json::object(), &answer, nullptr);
    CHECK(last.line.message == R"(Ran job j for user master: input {}, result {"sum":5})");
    CHECK(last.line.fields[0] == std::pair<std::string, std::string>{"jobName", "j"});
  }
  SECTION("of triggers") {
    const Json saved = {{"update", {{"n", 2}}}};
    log_call(levels, {CloudKind::Trigger, "beforeSave", "C"}, caller, input, &saved, nullptr);
    CHECK(last.line.message == R"(beforeSave triggered for C for user anonymous: input {"n":1,"password":"********"}, result {"n":2})");
    CHECK(last.line.fields == Fields{{"className", "C"}, {"triggerType", "beforeSave"}, {"user", "anonymous"}});
    log_call(levels, {CloudKind::Trigger, "beforeSave", "C"}, caller, input, nullptr, &error);
    CHECK(last.line.message.starts_with("beforeSave failed for C for user anonymous: input "));
    CHECK(last.line.level == log::Level::error);
  }
  SECTION("at the level that is asked for, or none") {
    levels.trigger_after = log::Level::warn;
    levels.function_success = log::Level::off;
    log_call(levels, {CloudKind::Function, "f", {}}, caller, input, &answer, nullptr);
    CHECK(last.line.message.empty());
    levels.function_success = log::Level::debug;
    log_call(levels, {CloudKind::Function, "f", {}}, caller, input, &answer, nullptr);
    CHECK(last.line.message.empty());
    log_call(levels, {CloudKind::Trigger, "afterSave", "C"}, caller, input, &answer, nullptr);
    CHECK(last.line.level == log::Level::warn);
  }
}

TEST_CASE("long input is cut between characters") {
  LastLine last;
  std::string text(999, 'x');
  for (int i = 0; i < 1000; ++i) text += "\xC3\xBC";
  log_call({}, {CloudKind::Function, "f", {}}, {}, Json(text), nullptr, nullptr);
  CHECK(last.line.message.size() < 1100);
  CHECK(last.line.message.ends_with("x..."));
}
