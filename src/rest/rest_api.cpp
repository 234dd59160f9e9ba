#include "rest/rest_api.h"

#include <algorithm>
#include <optional>

#include "common/clock.h"
#include "common/log.h"
#include "rest/admission.h"
#include "rest/deploy_routes.h"
#include "rest/error_answer.h"
#include "rest/file_routes.h"
#include "rest/request_body.h"
#include "rest/request_keys.h"
#include "rest/routes.h"
#include "rest/test_routes.h"

namespace parsimony {
namespace {

http::Response to_http(ApiResponse answer) {
  http::Response response;
  response.status = answer.status;
  response.body = std::move(answer.body);
  for (auto& [name, value] : answer.headers) response.set_header(name, std::move(value));
  return response;
}

http::Response to_http(const Error& error) {
  http::Response response;
  response.status = error.http_status();
  response.body = to_json_text(error_body(error));
  return response;
}

std::optional<std::string> path_below_mount(const std::string& path, const std::string& mount) {
  const bool is_below = path.size() >= mount.size() && http::equal_ignoring_case(std::string_view(path).substr(0, mount.size()), mount);
  if (!is_below) return std::nullopt;
  std::string below = path.substr(mount.size());
  if (below.empty()) below = "/";
  return below.front() == '/' ? std::optional(below) : std::nullopt;
}

bool is_health(const std::string& path) {
  return http::equal_ignoring_case(path, "/health") || http::equal_ignoring_case(path, "/health/");
}

Json health() { return {{"status", "ok"}}; }

// POST with "_method" in the body stands for that method, in letters of either case.
void override_method(ApiRequest& request) {
  if (request.method != "POST" || !request.body.is_object()) return;
  const std::string* method = find_string(request.body, "_method");
  if (!method) return;
  request.method = http::upper_case(*method);
  request.body.erase("_method");
}

http::Response not_found(const std::string& method, const std::string& path) {
  http::Response response;
  response.status = 404;
  response.body = to_json_text({{"error", "Cannot " + method + " " + path}});
  return response;
}

const Route* route_of(const RestContext& context, ApiRequest& request) {
  const Route* route = find_route(rest_routes(), request);
  if (!route && context.test_controls) route = find_route(test_routes::routes(), request);
  if (!route && context.services.deployments) route = find_route(deploy_routes::routes(), request);
  return route;
}

// Windows of time go by the clock that a test has set.
RateLimiter make_rate_limiter(const RestSettings& settings, const TestControls* test_controls) {
  return test_controls ? RateLimiter(settings.rate_limits, now_ms) : RateLimiter(settings.rate_limits);
}

ApiResponse run(const Route& route, const RestContext& context, const ApiRequest& request) {
  if (route.handle) return route.handle(context, request);
  const SaveResult result = context.services.writer.run(route.prepare(context, request));
  return route.answer(context, request, result);
}

Caller caller_of(const InternalCall& call, const RestContext& context) {
  Caller caller;
  caller.is_master = call.use_master_key;
  caller.installation_id = call.installation_id.empty() ? kCloudInstallation : call.installation_id;
  caller.session_token = call.session_token;
  caller.origin = std::make_shared<CallOrigin>();
  caller.origin->ip = "127.0.0.1";
  caller.origin->context = call.context.is_object() ? call.context : Json::object();
  caller.origin->chain = call.chain;
  caller.origin->chain_deadline = call.chain_deadline;
  return signed_in(context, std::move(caller));
}

}  // namespace

RestApi::RestApi(const Services& services, RestSettings settings, TestControls* test_controls)
    : services_(services),
      settings_(std::move(settings)),
      test_controls_(test_controls),
      rate_limiter_(make_rate_limiter(settings_, test_controls)),
      request_ids_(services.store, settings_.request_id_ttl_ms),
      public_folder_(settings_.public_folder ? std::make_optional<PublicFolder>(*settings_.public_folder) : std::nullopt) {}

http::Response RestApi::handle(const http::Request& request) const {
  auto path = path_below_mount(request.path, settings_.mount_path);
  if (!path) return answer_outside(request);
  if (is_health(*path)) return to_http(json_response(health()));
  try {
    return dispatch(request, std::move(*path));
  } catch (const Error& error) {
    log_refusal(request, error);
    return to_http(error);
  }
}

http::Response RestApi::answer_outside(const http::Request& request) const {
  if (public_folder_) {
    if (auto response = public_folder_->answer(request)) return std::move(*response);
  }
  return not_found(request.method, request.path);
}

void RestApi::log_refusal(const http::Request& request, const Error& error) const {
  if (!error.cause().empty()) log::debug("A request was refused", {{"requestId", request.id}, {"reason", error.cause()}});
  const bool is_logged = error.code() == error_code::kUsernameTaken && settings_.username_taken != log::Level::off;
  if (is_logged) log::write(settings_.username_taken, "A user name is taken already", {{"requestId", request.id}});
}

std::optional<std::size_t> RestApi::body_limit(const http::Request& head) const {
  const auto path = path_below_mount(head.path, settings_.mount_path);
  if (!path) return std::nullopt;
  const auto limit = file_routes::body_limit(settings_, head, *path);
  return limit ? limit : deploy_routes::body_limit(settings_, head, *path);
}

void RestApi::require_first_time(const http::Request& request, const ApiRequest& call) const {
  const auto id = request.header("X-Parse-Request-Id");
  if (!id || id->empty() || (call.method != "POST" && call.method != "PUT")) return;
  const std::string_view path = std::string_view(call.path).substr(call.path.find_first_not_of('/'));
  const auto& paths = settings_.idempotent_paths;
  const bool is_asked = std::any_of(paths.begin(), paths.end(), [&](const Regex& pattern) { return pattern.matches(path); });
  if (is_asked) request_ids_.require_new(std::string(*id));
}

http::Response RestApi::dispatch(const http::Request& request, std::string path) const {
  const RestContext context{services_, settings_, rate_limiter_, test_controls_};
  if (auto response = file_routes::answer(context, request, path)) return std::move(*response);
  ApiRequest call;
  call.method = request.method;
  call.http = &request;
  call.path = std::move(path);
  call.body = read_body(request);
  override_method(call);
  call.caller = authenticate(request, call.body, settings_);
  call.query = read_query(request);
  const Route* route = route_of(context, call);
  call.caller = admit(context, std::move(call.caller), {call.method, call.path, request, route && route->signs_in});
  require_allowed_path(call, settings_);
  if (!route) return not_found(call.method, request.path);
  require_route_access(*route, call, settings_);
  require_first_time(request, call);
  return to_http(run(*route, context, call));
}

ApiResponse RestApi::answer(const InternalCall& call) const {
  try {
    return answer_or_throw(call);
  } catch (const Error& error) {
    if (!error.cause().empty()) log::warn("A call of Cloud Code was refused", {{"path", call.path}, {"reason", error.cause()}});
    return {error.http_status(), to_json_text(error_body(error)), {}};
  }
}

ApiResponse RestApi::answer_or_throw(const InternalCall& in) const {
  const RestContext context{services_, settings_, rate_limiter_};
  ApiRequest call;
  call.method = in.method;
  call.path = in.path.starts_with('/') ? in.path : "/" + in.path;
  call.body = in.body;
  override_method(call);
  if (is_health(call.path)) return json_response(health());
  if (file_routes::are_for(call.path)) {
    call.caller = caller_of(in, context);
    return file_routes::answer(context, call);
  }
  const Route* route = find_route(rest_routes(), call);
  if (!route) return {404, to_json_text({{"error", "Cannot " + call.method + " " + call.path}}), {}};
  InternalCall as_asked = in;
  if (!route->signs_in) as_asked.session_token.clear();
  call.caller = caller_of(as_asked, context);
  call.caller.session_token = in.session_token;
  require_route_access(*route, call, settings_);
  return run(*route, context, call);
}

}  // namespace parsimony
