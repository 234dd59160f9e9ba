#include "rest/route.h"

#include <optional>

#include "http/message.h"

namespace parsimony {
namespace {

std::vector<std::string_view> split_path(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const std::string_view part = path.substr(0, path.find('/'));
    parts.push_back(part);
    path.remove_prefix(part.size());
  }
  if (!parts.empty() && parts.back().empty()) parts.pop_back();               // one trailing slash
  if (parts.size() > 1 && parts.front().empty()) parts.erase(parts.begin());  // a doubled slash behind the mount path
  return parts;
}

std::optional<std::vector<std::string>> match(std::string_view pattern, const std::vector<std::string_view>& parts) {
  const std::vector<std::string_view> expected = split_path(pattern);
  if (expected.size() != parts.size()) return std::nullopt;
  std::vector<std::string> captures;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (expected[i].starts_with(':')) {
      if (parts[i].empty()) return std::nullopt;
      captures.emplace_back(parts[i]);
    } else if (!http::equal_ignoring_case(expected[i], parts[i])) {
      return std::nullopt;
    }
  }
  return captures;
}

std::string refusal(const RestSettings& settings, const char* detail) { return settings.sanitize_errors ? "Permission denied" : detail; }

}  // namespace

const Route* find_route(std::span<const Route> routes, ApiRequest& request) {
  const std::vector<std::string_view> parts = split_path(request.path);
  const std::string_view method = request.method == "HEAD" ? std::string_view("GET") : std::string_view(request.method);
  for (const Route& route : routes) {
    if (route.method != method) continue;
    if (auto captures = match(route.pattern, parts)) {
      request.captures = std::move(*captures);
      if (!route.class_name.empty()) request.captures.emplace(request.captures.begin(), route.class_name);
      return &route;
    }
  }
  return nullptr;
}

void require_allowed_path(const ApiRequest& request, const RestSettings& settings) {
  if (settings.route_allow_list.allows(request.caller, request.path)) return;
  const std::string detail = "Route not allowed by routeAllowList: " + request.method + " " + request.path.substr(1);
  throw Error(error_code::kOperationForbidden, refusal(settings, detail.c_str()));
}

Caller signed_in(const RestContext& context, Caller caller) {
  if (caller.is_master || caller.session_token.empty()) return caller;
  const std::string token = caller.session_token;
  return context.services.sessions.sign_in(std::move(caller), token);
}

void require_route_access(const Route& route, const ApiRequest& request, const RestSettings& settings) {
  const Caller& caller = request.caller;
  if (route.access == RouteAccess::Master && !caller.holds_master_key()) {
    throw Error::permission_denied(refusal(settings, "unauthorized: master key is required"));
  }
  if (caller.is_read_only && route.method != "GET" && route.access != RouteAccess::AppAndReadOnly) {
    throw Error(error_code::kOperationForbidden, refusal(settings, "Cannot perform a write operation when using readOnlyMasterKey"));
  }
}

}  // namespace parsimony
