#include "rest/test_routes.h"

namespace parsimony::test_routes {
namespace {

// GET is open to the read-only master key, but what was sent to users may hold keys to their accounts.
TestControls& controls_of(const RestContext& context, const ApiRequest& request) {
  if (request.caller.is_read_only) throw Error::permission_denied("unauthorized: master key is required");
  return *context.test_controls;
}

ApiResponse done() { return json_response(Json::object()); }

Json encode(const TestControls::Snapshot& snapshot) { return {{"name", snapshot.name}, {"bytes", snapshot.bytes}}; }

std::string name_of(const ApiRequest& request) {
  const std::string* name = find_string(request.body, "name");
  return name ? *name : std::string();
}

// What the process itself remembers of earlier requests.
void forget_calls(const RestContext& context) {
  context.rate_limiter.clear();
  context.services.code.begin_anew();
}

ApiResponse reset(const RestContext& context, const ApiRequest& request) {
  controls_of(context, request).reset();
  forget_calls(context);
  return done();
}

ApiResponse take_snapshot(const RestContext& context, const ApiRequest& request) {
  return json_response(encode(controls_of(context, request).take_snapshot(name_of(request))));
}

ApiResponse restore(const RestContext& context, const ApiRequest& request) {
  controls_of(context, request).restore_snapshot(name_of(request));
  forget_calls(context);
  return done();
}

ApiResponse list_snapshots(const RestContext& context, const ApiRequest& request) {
  Json list = Json::array();
  for (const TestControls::Snapshot& snapshot : controls_of(context, request).snapshots()) list.push_back(encode(snapshot));
  return json_response({{"results", std::move(list)}});
}

ApiResponse remove_snapshot(const RestContext& context, const ApiRequest& request) {
  controls_of(context, request).remove_snapshot(request.captures[0]);
  return done();
}

ApiResponse remove_snapshots(const RestContext& context, const ApiRequest& request) {
  controls_of(context, request).remove_snapshots();
  return done();
}

ApiResponse show_clock(const RestContext& context, const ApiRequest& request) {
  return json_response(controls_of(context, request).clock());
}

ApiResponse set_clock(const RestContext& context, const ApiRequest& request) {
  return json_response(controls_of(context, request).set_clock(request.body));
}

ApiResponse set_seed(const RestContext& context, const ApiRequest& request) {
  controls_of(context, request).set_seed(request.body);
  return done();
}

template <Outbox& (TestControls::*kOutbox)()>
ApiResponse list(const RestContext& context, const ApiRequest& request) {
  return json_response({{"results", (controls_of(context, request).*kOutbox)().messages()}});
}

template <Outbox& (TestControls::*kOutbox)()>
ApiResponse clear(const RestContext& context, const ApiRequest& request) {
  (controls_of(context, request).*kOutbox)().clear();
  return done();
}

constexpr auto kMaster = RouteAccess::Master;

constexpr Route kRoutes[] = {
    {"POST", "/_test/reset", kMaster, reset},
    {"POST", "/_test/snapshot", kMaster, take_snapshot},
    {"GET", "/_test/snapshot", kMaster, list_snapshots},
    {"DELETE", "/_test/snapshot", kMaster, remove_snapshots},
    {"DELETE", "/_test/snapshot/:name", kMaster, remove_snapshot},
    {"POST", "/_test/restore", kMaster, restore},
    {"GET", "/_test/clock", kMaster, show_clock},
    {"POST", "/_test/clock", kMaster, set_clock},
    {"POST", "/_test/seed", kMaster, set_seed},
    {"GET", "/_test/mails", kMaster, list<&TestControls::mails>},
    {"DELETE", "/_test/mails", kMaster, clear<&TestControls::mails>},
    {"GET", "/_test/pushes", kMaster, list<&TestControls::pushes>},
    {"DELETE", "/_test/pushes", kMaster, clear<&TestControls::pushes>},
};

}  // namespace

std::span<const Route> routes() { return kRoutes; }

}  // namespace parsimony::test_routes
