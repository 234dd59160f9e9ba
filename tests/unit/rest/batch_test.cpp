#include "rest/batch_routes.h"
#include "unit/rest/api_test.h"

namespace parsimony {
namespace {

std::string post(const std::string& path, const std::string& body) {
  return R"({"method":"POST","path":")" + path + R"(","body":)" + body + "}";
}
std::string batch(const std::string& items, const char* more = "") { return R"({"requests":[)" + items + "]" + more + "}"; }
const std::string kFind = R"({"method":"GET","path":"/parse/classes/C","body":{"keys":"n","count":1,"limit":0}})";

TEST_CASE("the answers of a batch stand in the order of its requests, and reads see the writes before them") {
  TestApi api;
  const Answer answer =
      api.call("POST", "/parse/batch",
               batch(post("/parse/classes/C", R"({"n":1})") + "," + kFind + "," + post("/parse/classes/C", R"({"n":"text"})") + "," +
                     post("/parse/classes/C", R"({"n":2})") + "," + kFind));
  REQUIRE(answer.status == 200);
  REQUIRE(answer.json.size() == 5);
  CHECK(find_member(answer.json[0], "success"));
  CHECK(answer.json[1]["success"]["count"] == 1);
  CHECK(answer.json[2]["error"]["code"] == 111);
  CHECK(find_member(answer.json[3], "success"));
  CHECK(answer.json[4]["success"]["count"] == 2);
}

TEST_CASE("a transaction is stored whole or not at all") {
  TestApi api;
  const std::string good = post("/parse/classes/C", R"({"n":1})");
  const Answer failed =
      api.call("POST", "/parse/batch", batch(good + "," + post("/parse/classes/C", R"({"n":"text"})"), R"(,"transaction":true)"));
  CHECK(failed.status == 400);
  CHECK(failed.json["code"] == 111);
  CHECK(api.store().schema()->find("C") == nullptr);
  const Answer done = api.call("POST", "/parse/batch", batch(good + "," + good, R"(,"transaction":true)"));
  CHECK(done.status == 200);
  CHECK(done.json.size() == 2);
  CHECK(count(api.store(), "C") == 2);
  CHECK(api.call("POST", "/parse/batch", batch(good + "," + kFind, R"(,"transaction":true)")).json["code"] == 107);
  CHECK(count(api.store(), "C") == 2);
}

TEST_CASE("malformed batches are refused as a whole") {
  TestApi api;
  const std::string good = post("/parse/classes/C", "{}");
  const std::string bodies[] = {
      "{}",
      R"({"requests":{}})",
      batch("5"),
      batch("[]"),
      batch(R"({"method":"POST"})"),
      batch(good + R"(,{"path":"/parse/classes/C"})"),
      batch(good + R"(,{"method":"POST","path":5})"),
      batch(good + R"(,{"method":"PATCH","path":"/parse/classes/C"})"),
      batch(good + R"(,{"method":"POST","path":"/classes/C"})"),
      batch(good + R"(,{"method":"POST","path":"/parse"})"),
      batch(good + R"(,{"method":"POST","path":"/parseclasses/C"})"),
      batch(good + R"(,{"method":"POST","path":""})"),
      batch(good + R"(,{"method":"POST","path":"/parse/batch","body":{"requests":[]}})"),
      batch(good + R"(,{"method":"POST","path":"/parse//BATCH/","body":{"requests":[]}})"),
  };
  for (const std::string& body : bodies) {
    INFO(body);
    const Answer answer = api.call("POST", "/parse/batch", body);
    CHECK(answer.status == 400);
    CHECK(answer.json["code"] == 107);
  }
  CHECK(api.store().schema()->find("C") == nullptr);
  CHECK(api.call("POST", "/parse/batch", batch("")).text == "[]");
  std::string many = good;
  for (int i = 0; i < 10'000; ++i) many += "," + good;
  CHECK(api.call("POST", "/parse/batch", batch(many)).json["code"] == 107);
}

TEST_CASE("a batch opens no route that is closed to its caller") {
  TestApi api;
  const Answer answer =
      api.call("POST", "/parse/batch", batch(R"({"method":"GET","path":"/parse/schemas"},)" + post("/parse/schemas/C", "{}")));
  REQUIRE(answer.status == 200);
  for (const Json& each : answer.json) CHECK(each["error"]["error"] == "Permission denied");
  CHECK(api.store().schema()->find("C") == nullptr);
}

TEST_CASE("a method in the body of a POST stands for that method") {
  TestApi api;
  CHECK(api.call("POST", "/parse/classes/C", R"({"n":1})").status == 201);
  CHECK(api.call("POST", "/parse/classes/C", R"({"_method":"GET","where":{"n":1},"count":1})").json["count"] == 1);
  CHECK(api.call("POST", "/parse/classes/C", R"({"_method":"get","where":{"n":1},"count":1})").json["count"] == 1);
  CHECK(api.call("PUT", "/parse/classes/C", R"({"_method":"GET"})").status == 404);
  CHECK(api.call("POST", "/parse/classes/C", R"({"_method":5})").json["code"] == 105);
}

TEST_CASE("paths below and beside the mount") {
  TestApi api;
  CHECK(api.call("GET", "/PARSE/health").text == R"({"status":"ok"})");
  for (const char* path : {"/", "/parse", "/parse/", "/parsed/health", "/other/health", "/parse/nothing"}) {
    INFO(path);
    CHECK(api.call("GET", path).status == 404);
  }
}

}  // namespace
}  // namespace parsimony
