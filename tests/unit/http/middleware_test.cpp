#include "http/middleware/middleware.h"

#include <catch2/catch.hpp>
#include <optional>
#include <stdexcept>
#include <string>

#include "http/middleware/access_log.h"
#include "http/middleware/cors.h"
#include "http/middleware/error_barrier.h"

using namespace parsimony::http;

namespace {

std::string header_of(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (equal_ignoring_case(key, name)) return value;
  }
  return "(none)";
}

Request request_of(std::string method, std::optional<std::string> origin = std::nullopt) {
  Request request;
  request.method = std::move(method);
  request.path.assign(1, '/');
  if (origin) request.headers.emplace_back("origin", *origin);
  return request;
}

Response not_found(const Request&) {
  Response response;
  response.status = 404;
  return response;
}

Response must_not_run(const Request&) { throw std::logic_error("reached"); }

}  // namespace

TEST_CASE("The first middleware is the outermost") {
  std::string order;
  const auto piece = [&](char name) -> Middleware {
    return [&order, name](const Request& request, const Handler& next) {
      order += name;
      Response response = next(request);
      order += name;
      return response;
    };
  };
  const Handler handler = compose({piece('a'), piece('b')}, [&](const Request&) {
    order += 'h';
    return Response{};
  });
  handler(request_of("GET"));
  CHECK(order == "abhba");
}

TEST_CASE("Every answer carries the CORS headers, refusals too") {
  const Response response = compose({cors({})}, not_found)(request_of("GET", "http://a"));
  CHECK(response.status == 404);
  CHECK(header_of(response, "Access-Control-Allow-Origin") == "*");
  CHECK(header_of(response, "Access-Control-Allow-Methods") == "GET,PUT,POST,DELETE,OPTIONS");
  CHECK(header_of(response, "Access-Control-Allow-Headers") ==
        "X-Parse-Master-Key, X-Parse-REST-API-Key, X-Parse-Javascript-Key, X-Parse-Application-Id, X-Parse-Client-Version, "
        "X-Parse-Session-Token, X-Requested-With, X-Parse-Revocable-Session, X-Parse-Request-Id, Content-Type, Pragma, Cache-Control");
  CHECK(header_of(response, "Access-Control-Expose-Headers") == "X-Parse-Job-Status-Id, X-Parse-Push-Status-Id");
}

TEST_CASE("OPTIONS is answered before anything else looks at it") {
  const Response response =
      compose({cors({.allow_origins = {}, .allow_headers = {"X-Mine", "X-Yours"}})}, must_not_run)(request_of("OPTIONS"));
  CHECK(response.status == 200);
  CHECK(response.body == "OK");
  CHECK(response.content_type == "text/plain; charset=utf-8");
  const std::string allowed = header_of(response, "Access-Control-Allow-Headers");
  CHECK(allowed.substr(allowed.rfind("Cache-Control")) == "Cache-Control, X-Mine, X-Yours");
}

TEST_CASE("A listed origin is echoed, another gets the first") {
  const Handler handler = compose({cors({.allow_origins = {"http://a", "http://b"}, .allow_headers = {}})}, not_found);
  CHECK(header_of(handler(request_of("GET", "http://b")), "Access-Control-Allow-Origin") == "http://b");
  CHECK(header_of(handler(request_of("GET", "http://c")), "Access-Control-Allow-Origin") == "http://a");
  CHECK(header_of(handler(request_of("GET")), "Access-Control-Allow-Origin") == "http://a");
  const Handler one = compose({cors({.allow_origins = {"http://a"}, .allow_headers = {}})}, not_found);
  CHECK(header_of(one(request_of("GET", "http://c")), "Access-Control-Allow-Origin") == "http://a");
}

TEST_CASE("An accident behind the barrier becomes code 1 without its text") {
  const Handler handlers[] = {[](const Request&) -> Response { throw std::runtime_error("private"); },
                              [](const Request&) -> Response { throw 42; }};
  for (const Handler& handler : handlers) {
    const Response response = compose({cors({}), access_log(), error_barrier()}, handler)(request_of("GET"));
    CHECK(response.status == 500);
    CHECK(response.body == R"({"code":1,"message":"Internal server error."})");
    CHECK(header_of(response, "Access-Control-Allow-Origin") == "*");
  }
}
