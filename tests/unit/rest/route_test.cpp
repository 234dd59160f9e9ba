#include "rest/route.h"

#include <catch2/catch.hpp>

#include "rest/routes.h"

namespace parsimony {
namespace {

// "pattern" of the row, and what it captured; empty when there is none.
std::string routed(const std::string& method, const std::string& path) {
  ApiRequest request;
  request.method = method;
  request.path = path;
  const Route* route = find_route(rest_routes(), request);
  if (!route) return "";
  std::string text(route->pattern);
  for (const std::string& capture : request.captures) text += " " + capture;
  return text;
}

TEST_CASE("paths find their row") {
  struct Case {
    const char* method;
    const char* path;
    const char* expected;
  };
  const Case cases[] = {
      {"GET", "/classes/Product", "/classes/:className Product"},
      {"HEAD", "/classes/Product", "/classes/:className Product"},
      {"GET", "/CLASSES/Product", "/classes/:className Product"},
      {"GET", "/classes/Product/", "/classes/:className Product"},
      {"GET", "//classes/Product", "/classes/:className Product"},
      {"GET", "//classes/Product/", "/classes/:className Product"},
      {"GET", "/classes/Product/x1", "/classes/:className/:objectId Product x1"},
      {"PUT", "/classes/Product/x1", "/classes/:className/:objectId Product x1"},
      {"DELETE", "/Classes/product/X1/", "/classes/:className/:objectId product X1"},
      {"POST", "/batch", "/batch"},
      {"GET", "/schemas", "/schemas"},
      {"POST", "/schemas/C", "/schemas/:className C"},
      {"GET", "/serverinfo", "/serverInfo"},
      {"GET", "/", ""},
      {"GET", "//", ""},
      {"GET", "///", ""},
      {"GET", "/classes", ""},
      {"GET", "/classes/", ""},
      {"GET", "/classes//", ""},
      {"GET", "/classes//x", ""},
      {"GET", "/classes/Product//", ""},
      {"GET", "/classes/Product/x1/y", ""},
      {"GET", "/class/Product", ""},
      {"GET", "/batch", ""},
      {"PATCH", "/classes/Product/x1", ""},
      {"get", "/classes/Product", ""},
      {"PUT", "/classes/Product", ""},
      {"", "/classes/Product", ""},
  };
  for (const Case& each : cases) {
    INFO(each.method << " " << each.path);
    CHECK(routed(each.method, each.path) == each.expected);
  }
}

TEST_CASE("routes of the master key") {
  RestSettings settings;
  ApiRequest request;
  const Route open{"GET", "/x", RouteAccess::App, nullptr};
  const Route closed{"GET", "/x", RouteAccess::Master, nullptr};
  CHECK_NOTHROW(require_route_access(open, request, settings));
  for (const bool sanitize : {true, false}) {
    settings.sanitize_errors = sanitize;
    try {
      require_route_access(closed, request, settings);
      FAIL("not refused");
    } catch (const Error& error) {
      CHECK(error.http_status() == 403);
      CHECK_FALSE(error.code().has_value());
      CHECK(error.message() == (sanitize ? "Permission denied" : "unauthorized: master key is required"));
    }
  }
  request.caller.is_master = true;
  CHECK_NOTHROW(require_route_access(closed, request, settings));
}

}  // namespace
}  // namespace parsimony
