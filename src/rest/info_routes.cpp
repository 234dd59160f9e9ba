#include "rest/info_routes.h"

namespace parsimony::info_routes {
namespace {

// The Parse Server whose REST API this is; dashboards and SDKs compare it with what they need.
constexpr const char* kParseServerVersion = "9.10.0";

Json none_of(std::initializer_list<const char*> names) {
  Json features = Json::object();
  for (const char* name : names) features[name] = false;
  return features;
}

Json features(const RestSettings& settings) {
  Json schemas = none_of({"clearAllDataFromClass", "exportClass", "editPointerPermissions"});
  for (const char* name : {"addField", "removeField", "addClass", "removeClass", "editClassLevelPermissions"}) schemas[name] = true;
  return {{"globalConfig", {{"create", true}, {"read", true}, {"update", true}, {"delete", true}}},
          {"hooks", {{"create", true}, {"read", true}, {"update", true}, {"delete", true}}},
          {"cloudCode", {{"jobs", true}}},
          {"logs", {{"level", true}, {"size", true}, {"order", true}, {"until", true}, {"from", true}}},
          {"push", none_of({"immediatePush", "scheduledPush", "storedPushData", "pushAudiences", "localization"})},
          {"schemas", std::move(schemas)},
          {"settings", {{"securityCheck", settings.security_report != nullptr}}}};
}

}  // namespace

ApiResponse server_info(const RestContext& context, const ApiRequest&) {
  return json_response({{"features", features(context.settings)}, {"parseServerVersion", kParseServerVersion}});
}

ApiResponse security(const RestContext& context, const ApiRequest&) {
  const auto& report = context.settings.security_report;
  if (!report) throw Error::conflict("Enable Parse Server option `security.enableCheck` to run security check.");
  return json_response(report());
}

}  // namespace parsimony::info_routes
