// A row of the route list, and finding the row for a path.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rest/api_request.h"
#include "rest/rest_settings.h"
#include "services/services.h"
#include "services/testing/test_controls.h"

namespace parsimony {

// Who may call. The read-only master key calls what is read by GET, else it must be let in.
enum class RouteAccess {
  App,             // any client of the application
  AppAndReadOnly,  // the read-only master key as well, whatever the method: the route itself writes nothing in its name
  Master,          // the master key, and no lesser one
};

// What handlers work with.
struct RestContext {
  const Services& services;
  const RestSettings& settings;
  RateLimiter& rate_limiter;
  TestControls* test_controls = nullptr;  // null where the server was not started for tests
};

// A row either handles the call, or is the write of one object: then it prepares the write and shapes the answer, so that a batch can
// commit many together.
struct Route {
  using Handle = ApiResponse (*)(const RestContext&, const ApiRequest&);
  using Prepare = PreparedWrite (*)(const RestContext&, const ApiRequest&);
  using Answer = ApiResponse (*)(const RestContext&, const ApiRequest&, const SaveResult&);

  std::string_view method;
  std::string_view pattern;  // "/classes/:className/:objectId"; literal parts match in any case
  RouteAccess access;
  Handle handle;
  Prepare prepare = nullptr;
  Answer answer = nullptr;
  std::string_view class_name = {};  // of a route for one class: the first of the captures, as if it were in the path
  bool signs_in = true;              // false: a session token that comes along is not looked up before the handler runs
};

// The row for a method and path, with the captures filled in; null when there is none. HEAD is served by GET.
const Route* find_route(std::span<const Route> routes, ApiRequest& request);

// Throws 119 when clients may not use the path (option routeAllowList).
void require_allowed_path(const ApiRequest& request, const RestSettings& settings);

// The caller as the user whose session token came along; the master key needs none. Throws 209 for a token that is not good.
Caller signed_in(const RestContext& context, Caller caller);

// Throws 403 when the route needs the master key, 119 for a write with the read-only one.
void require_route_access(const Route& route, const ApiRequest& request, const RestSettings& settings);

}  // namespace parsimony
