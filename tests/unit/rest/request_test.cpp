// Bodies, query strings and keys.
#include "common/error.h"
#include "rest/api_request.h"
#include "rest/request_body.h"
#include "rest/request_keys.h"
#include "unit/rest/api_test.h"

namespace parsimony {
namespace {

// The body as JSON text, or the refusal as "400 ...".
std::string body(const char* content_type, std::string_view text) {
  http::Request request;
  if (content_type) request.headers = {{"content-type", content_type}};
  request.body = text;
  try {
    return to_json_text(read_body(request));
  } catch (const Error& error) {
    return std::to_string(error.http_status()) + " " + error.message();
  }
}

TEST_CASE("bodies are JSON under any content type but forms") {
  constexpr const char* kForm = "application/x-www-form-urlencoded; charset=utf-8";
  CHECK(body("application/json", R"({"a":1})") == R"({"a":1})");
  CHECK(body("text/plain", R"([1])") == "[1]");
  CHECK(body(nullptr, R"( {"a":1} )") == R"({"a":1})");
  CHECK(body(nullptr, "") == "{}");
  CHECK(body("application/json", " \r\n\t") == "{}");
  CHECK(body("multipart/form-data; boundary=x", "--x") == "{}");
  CHECK(body(kForm, R"({"a":1})") == R"({"a":1})");
  CHECK(body(kForm, " [1]") == "[1]");
  CHECK(body("APPLICATION/X-WWW-FORM-URLENCODED", "a=1") == R"({"a":"1"})");
  CHECK(body(kForm, "") == "{}");
  CHECK(body(kForm, "a=1&b=x+y%20z%C3%A4&&c&=5&a=2") == "{\"a\":\"2\",\"b\":\"x y z\u00e4\",\"c\":\"\",\"\":\"5\"}");
  CHECK(body(kForm, "a=%&b=%4&c=%zz&%41=%41") == R"({"a":"%","b":"%4","c":"%zz","A":"A"})");
  CHECK(body(nullptr, "5") == "400 The body must be a JSON object");
  CHECK(body(nullptr, "null") == "400 The body must be a JSON object");
  CHECK(body(nullptr, "\"text\"") == "400 The body must be a JSON object");
  CHECK(body(nullptr, "{\n\"a\":}").starts_with("400 The body is not JSON: "));
  CHECK(body(nullptr, "{\n\"a\":}").ends_with(" at line 2, column 5"));
  std::string many;
  for (int i = 0; i < 1001; ++i) many += "k" + std::to_string(i) + "=&";
  CHECK(body(kForm, many) == "400 too many form fields");
}

TEST_CASE("values of a query string are JSON where they can be") {
  http::Request request;
  request.query = {{"limit", "10"},        {"order", "-name"},   {"where", R"({"a":[1,null]})"}, {"count", "true"}, {"keys", "a,b"},
                   {"text", "\"quoted\""}, {"broken", "{\"a\""}, {"word", "nullable"},           {"empty", ""},     {"limit", "20"}};
  CHECK(
      to_json_text(read_query(request)) ==
      R"({"limit":20,"order":"-name","where":{"a":[1,null]},"count":true,"keys":"a,b","text":"quoted","broken":"{\"a\"","word":"nullable","empty":""})");
}

TEST_CASE("brackets in a query string make objects and lists") {
  const auto read = [](std::vector<http::NameValue> query) {
    http::Request request;
    request.query = std::move(query);
    try {
      return to_json_text(read_query(request));
    } catch (const Error& error) {
      return std::to_string(error.code().value_or(0));
    }
  };
  CHECK(read({{"where[n]", "1"}, {"where[t][$ne]", "x"}, {"limit", "2"}}) == R"({"where":{"n":1,"t":{"$ne":"x"}},"limit":2})");
  CHECK(read({{"a[]", "1"}, {"a[]", "2"}}) == R"({"a":[1,2]})");
  CHECK(read({{"a[0][b]", "1"}, {"a[0][c]", "2"}, {"a[1][b]", "3"}}) == R"({"a":[{"b":1,"c":2},{"b":3}]})");
  CHECK(read({{"a[1]", "1"}, {"0", "1"}}) == R"({"a":{"1":1},"0":1})");
  CHECK(read({{"a[b]", R"({"0":1})"}, {"a[b]", R"({"0":2})"}}) == R"({"a":{"b":{"0":2}}})");
  CHECK(read({{"a[b", "1"}, {"[b]", "2"}, {"a[b]c", "3"}, {"a]", "4"}}) == R"({"a[b":1,"[b]":2,"a[b]c":3,"a]":4})");
  CHECK(read({{"a[b][c][d][e][f]", "1"}}) == R"({"a":{"b":{"c":{"d":{"e":{"f":1}}}}}})");
  CHECK(read({{"a[b][c][d][e][f][g]", "1"}}) == "102");
}

TEST_CASE("the query string wins over the body") {
  ApiRequest request;
  request.query = parse_json(R"({"limit":1,"skip":2})");
  request.body = parse_json(R"({"order":"a","limit":5})");
  CHECK(json_equal(request.parameters(), parse_json(R"({"limit":1,"skip":2,"order":"a"})")));
  request.body = parse_json("[1]");
  CHECK(json_equal(request.parameters(), request.query));
}

TEST_CASE("denied keywords are found at any depth") {
  RestSettings settings;
  const auto refusal = [&](const char* text) {
    try {
      refuse_denied_keywords(parse_json(text), settings);
      return std::string();
    } catch (const Error& error) {
      CHECK(error.code() == error_code::kInvalidKeyName);
      return error.message();
    }
  };
  CHECK(refusal(R"({"constructor":1})").empty());
  settings.denied_keywords = {{"_bsontype", "Code"}, {"constructor", nullptr}, {std::nullopt, "secret"}};
  CHECK(refusal(R"({"a":{"b":[1,{"c":null}]},"_bsontype":"Other"})").empty());
  CHECK(refusal(R"({"constructor":1})") == R"(Prohibited keyword in request data: {"key":"constructor"}.)");
  CHECK(refusal(R"({"a":[{"b":{"constructor":null}}]})") == R"(Prohibited keyword in request data: {"key":"constructor"}.)");
  CHECK(refusal(R"([{"_bsontype":"Code"}])") == R"(Prohibited keyword in request data: {"key":"_bsontype","value":"Code"}.)");
  CHECK(refusal(R"({"a":{"x":"secret"}})") == R"(Prohibited keyword in request data: {"value":"secret"}.)");
}

// ---- Keys

using Headers = std::vector<http::NameValue>;

// "master", "read-only", "maintenance", "client", or the refusal; the body is what is left of it.
std::string caller(const Headers& headers, Json& body, const char* address = "127.0.0.1", RestSettings settings = test_rest_settings()) {
  http::Request request;
  request.headers = headers;
  request.remote_address = address;
  try {
    const Caller caller = authenticate(request, body, settings);
    if (caller.is_read_only) return caller.is_master ? "read-only" : "";
    if (caller.is_maintenance) return caller.is_master && !caller.holds_master_key() ? "maintenance" : "";
    return caller.is_master ? "master" : "client";
  } catch (const Error& error) {
    return (error.code() ? std::to_string(*error.code()) : std::to_string(error.http_status())) + " " + error.message();
  }
}

std::string caller(const Headers& headers, const char* body = "{}", const char* address = "127.0.0.1",
                   RestSettings settings = test_rest_settings()) {
  Json json = parse_json(body);
  return caller(headers, json, address, std::move(settings));
}

const http::NameValue kApp{"X-Parse-Application-Id", "app"};

TEST_CASE("keys in headers") {
  CHECK(caller({}) == "403 unauthorized");
  CHECK(caller({kApp}) == "403 unauthorized");
  CHECK(caller({{"X-Parse-Application-Id", "other"}, {"X-Parse-Master-Key", "master"}}) == "403 unauthorized");
  CHECK(caller({kApp, {"X-Parse-REST-API-Key", "rest"}}) == "client");
  CHECK(caller({kApp, {"x-parse-rest-api-key", "rest"}}) == "client");
  CHECK(caller({kApp, {"X-Parse-Javascript-Key", "js"}}) == "client");
  CHECK(caller({kApp, {"X-Parse-REST-API-Key", "js"}}) == "403 unauthorized");
  CHECK(caller({kApp, {"X-Parse-Client-Key", ""}}) == "403 unauthorized");
  CHECK(caller({kApp, {"X-Parse-Master-Key", "master"}}) == "master");
  CHECK(caller({kApp, {"X-Parse-Master-Key", "Master"}}) == "403 unauthorized");
  CHECK(caller({kApp, {"X-Parse-Master-Key", "wrong"}, {"X-Parse-REST-API-Key", "rest"}}) == "client");
  CHECK(caller({kApp, {"X-Parse-REST-API-Key", "rest"}, {"X-Parse-Session-Token", "r:x"}}) == "client");
  CHECK(caller({kApp, {"X-Parse-Master-Key", "master"}, {"X-Parse-Session-Token", "r:x"}}) == "master");
}

TEST_CASE("an app without client keys needs none, and an empty master key opens nothing") {
  RestSettings settings = test_rest_settings();
  settings.rest_api_key = "";
  settings.javascript_key.reset();
  CHECK(caller({kApp}, "{}", "127.0.0.1", settings) == "client");
  settings.master_key = "";
  CHECK(caller({kApp, {"X-Parse-Master-Key", ""}}, "{}", "127.0.0.1", settings) == "client");
}

TEST_CASE("the master key from an address that may not use it is refused, not taken for a client's") {
  const Headers master = {kApp, {"X-Parse-Master-Key", "master"}, {"X-Parse-REST-API-Key", "rest"}};
  CHECK(caller(master, "{}", "10.0.0.1") == "403 unauthorized");
  RestSettings settings = test_rest_settings();
  settings.explain_refusals = true;
  CHECK(caller(master, "{}", "10.0.0.1", settings).find("10.0.0.1") != std::string::npos);
}

TEST_CASE("the lesser keys") {
  RestSettings settings = test_rest_settings();
  settings.maintenance_key = "maintenance";
  settings.maintenance_key_ips = IpList({"127.0.0.1"});
  settings.read_only_master_key = "reader";
  settings.read_only_master_key_ips = IpList({"10.0.0.0/8"});
  const Headers reader = {kApp, {"X-Parse-Master-Key", "reader"}};
  const Headers maintenance = {kApp, {"X-Parse-Maintenance-Key", "maintenance"}};
  CHECK(caller(reader, "{}", "10.1.2.3", settings) == "read-only");
  CHECK(caller(reader, "{}", "127.0.0.1", settings) == "403 unauthorized");
  CHECK(caller(maintenance, "{}", "127.0.0.1", settings) == "maintenance");
  CHECK(caller(maintenance, "{}", "10.1.2.3", settings) == "403 unauthorized");
  CHECK(caller({kApp, {"X-Parse-Maintenance-Key", "maintenance"}, {"X-Parse-Master-Key", "master"}}, "{}", "127.0.0.1", settings) ==
        "maintenance");
  CHECK(caller({kApp, {"X-Parse-Maintenance-Key", "reader"}}, "{}", "10.1.2.3", settings) == "403 unauthorized");
  CHECK(caller({}, R"({"_ApplicationId":"app","_MasterKey":"reader"})", "10.1.2.3", settings) == "read-only");
  CHECK(caller({{"X-Parse-Maintenance-Key", "maintenance"}}, R"({"_ApplicationId":"app"})", "127.0.0.1", settings) == "maintenance");
  // Without such keys nobody has them.
  CHECK(caller(reader) == "403 unauthorized");
  CHECK(caller({kApp, {"X-Parse-Maintenance-Key", ""}}) == "403 unauthorized");
}

TEST_CASE("the installation id comes from header or body") {
  http::Request request;
  request.headers = {kApp, {"X-Parse-REST-API-Key", "rest"}, {"X-Parse-Installation-Id", "here"}};
  Json body = Json::object();
  CHECK(authenticate(request, body, test_rest_settings()).installation_id == "here");
  request.headers = {};
  body = parse_json(R"({"_ApplicationId":"app","_JavaScriptKey":"js","_InstallationId":"there","_SessionToken":null})");
  CHECK(authenticate(request, body, test_rest_settings()).installation_id == "there");
  CHECK(body.empty());
}

TEST_CASE("the address of the client is told by trusted proxies alone") {
  const auto address = [](const std::vector<std::string>& forwarded, const TrustedProxies& trusted) {
    http::Request request;
    request.remote_address = "127.0.0.1";
    for (const std::string& value : forwarded) request.headers.emplace_back("x-forwarded-for", value);
    return client_address(request, trusted);
  };
  const TrustedProxies everyone{TrustedProxies::kEveryone, IpList({})};
  const TrustedProxies local{0, IpList({"127.0.0.1"})};
  CHECK(address({"1.1.1.1"}, {}) == "127.0.0.1");
  CHECK(address({}, everyone) == "127.0.0.1");
  CHECK(address({" , ,"}, everyone) == "127.0.0.1");
  CHECK(address({"1.1.1.1, 2.2.2.2"}, everyone) == "1.1.1.1");
  CHECK(address({"1.1.1.1", "2.2.2.2"}, everyone) == "1.1.1.1");
  CHECK(address({"1.1.1.1", "2.2.2.2"}, local) == "2.2.2.2");
  CHECK(address({"1.1.1.1,2.2.2.2"}, {1, IpList({})}) == "2.2.2.2");
  CHECK(address({"1.1.1.1,2.2.2.2"}, {2, IpList({})}) == "1.1.1.1");
  CHECK(address({"1.1.1.1,2.2.2.2"}, {1, IpList({"2.2.2.0/24"})}) == "1.1.1.1");
}

TEST_CASE("keys in the Authorization header") {
  CHECK(caller({{"Authorization", "Basic YXBwOm1hc3Rlcg=="}}) == "master");              // app:master
  CHECK(caller({{"Authorization", "Basic YXBwOmphdmFzY3JpcHQta2V5PWpz"}}) == "client");  // app:javascript-key=js
  CHECK(caller({{"Authorization", "Basic YXBwOndyb25n"}}) == "403 unauthorized");        // app:wrong
  for (const char* text : {"Basic ", "Basic =", "Basic ====", "Basic YXBw", "Basic \xff\xfe", "Bearer YXBwOm1hc3Rlcg==", "Basic"}) {
    INFO(text);
    CHECK(caller({{"Authorization", text}}) == "403 unauthorized");
  }
}

TEST_CASE("keys in the body are taken out of it") {
  Json body = parse_json(R"({"_ApplicationId":"app","_JavaScriptKey":"js","_ClientVersion":"js8","_InstallationId":"i","a":1,"_b":2})");
  CHECK(caller({}, body) == "client");
  CHECK(to_json_text(body) == R"({"a":1,"_b":2})");
  CHECK(caller({}, R"({"_ApplicationId":"app","_MasterKey":"master"})") == "master");
  CHECK(caller({}, R"({"_ApplicationId":"app","_MasterKey":5})") == "403 unauthorized");
  CHECK(caller({}, R"({"_ApplicationId":"other","_MasterKey":"master"})") == "403 unauthorized");
  CHECK(caller({}, "[]") == "403 unauthorized");
  CHECK(caller({{"X-Parse-Master-Key", "master"}}, R"({"_ApplicationId":"app"})") == "master");
  CHECK(caller({{"X-Parse-Master-Key", "wrong"}}, R"({"_ApplicationId":"app","_JavaScriptKey":"js"})") == "403 unauthorized");
  // With the header, the body's fields are the client's own.
  Json kept = parse_json(R"({"_ApplicationId":"app","_MasterKey":"master"})");
  CHECK(caller({kApp, {"X-Parse-REST-API-Key", "rest"}}, kept) == "client");
  CHECK(kept.size() == 2);
}

}  // namespace
}  // namespace parsimony
