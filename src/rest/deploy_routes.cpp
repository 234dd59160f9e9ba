#include "rest/deploy_routes.h"

#include "common/base64.h"
#include "rest/request_keys.h"
#include "services/cloud/deployments.h"

namespace parsimony::deploy_routes {
namespace {

// GET is open to the read-only master key, but who may look at the code's versions may be told their file names.
Deployments& deployments_of(const RestContext& context, const ApiRequest& request) {
  if (request.caller.is_read_only) throw Error::permission_denied("unauthorized: master key is required");
  return *context.services.deployments;
}

[[noreturn]] void refuse(const std::string& text) { throw Error(error_code::kInvalidJson, text); }

const std::string& text_of(const Json& object, std::string_view name) {
  const std::string* text = find_string(object, name);
  if (!text) refuse("\"" + std::string(name) + "\" must be a text.");
  return *text;
}

CodeFile decode_file(const Json& json) {
  const std::string& path = text_of(json, "path");
  auto content = decode_base64(text_of(json, "base64"));
  if (!content) refuse("\"base64\" of a file is not base64.");
  return {path, std::move(*content)};
}

// {"main": "main.js", "files": [{"path", "base64"},...]}
CodePackage decode_package(const Json& body) {
  const Json* files = find_member(body, "files");
  if (!files || !files->is_array()) refuse("\"files\" must be a list of {\"path\",\"base64\"}.");
  if (files->size() > CodePackage::kMaxFiles) throw Error(error_code::kExceededQuota, "The code has too many files.");
  CodePackage package;
  package.main = text_of(body, "main");
  for (const Json& file : *files) package.files.push_back(decode_file(file));
  return package;
}

Json encode_counts(const CodeCounts& counts) {
  return {{"functions", counts.functions}, {"jobs", counts.jobs}, {"triggers", counts.triggers}};
}

Json encode_serving(const std::optional<int>& version) { return version ? Json(*version) : Json(nullptr); }

ApiResponse deploy(const RestContext& context, const ApiRequest& request) {
  Deployments& deployments = deployments_of(context, request);
  const CodeDeployed deployed = deployments.deploy(decode_package(request.body));
  Json answer = encode(deployed.version);
  answer["defines"] = encode_counts(deployed.counts);
  return {201, to_json_text(answer), {}};
}

ApiResponse list(const RestContext& context, const ApiRequest& request) {
  return json_response(encode(deployments_of(context, request).status()));
}

// {} or {"version": 3} or {"config": true}
CodeRollback decode_rollback(const Json& body) {
  CodeRollback target;
  if (const Json* config = find_member(body, "config")) {
    if (!config->is_boolean()) refuse("\"config\" must be true or false.");
    target.to_config = config->get<bool>();
  }
  if (const Json* version = find_member(body, "version")) {
    constexpr std::int64_t kMost = 2'000'000'000;
    const bool is_number = version->is_number_integer() && *version >= 1 && *version <= kMost;
    if (!is_number) refuse("\"version\" must be the number of a version.");
    target.version = version->get<int>();
  }
  if (target.to_config && target.version) refuse("Name a version or the code of the config, not both.");
  return target;
}

ApiResponse roll_back(const RestContext& context, const ApiRequest& request) {
  Deployments& deployments = deployments_of(context, request);
  return json_response({{"serves", encode_serving(deployments.roll_back(decode_rollback(request.body)))}});
}

// The files in base64, and room for their names.
constexpr std::size_t kMaxBodyBytes = CodePackage::kMaxBytes / 3 * 4 + (std::size_t{4} << 20);

constexpr auto kMaster = RouteAccess::Master;

constexpr Route kRoutes[] = {
    {"POST", kVersions, kMaster, deploy},
    {"GET", kVersions, kMaster, list},
    {"POST", "/_cloud/rollback", kMaster, roll_back},
};

}  // namespace

std::span<const Route> routes() { return kRoutes; }

std::optional<std::size_t> body_limit(const RestSettings& settings, const http::Request& head, std::string_view path) {
  if (path.ends_with('/')) path.remove_suffix(1);
  if (head.method != "POST" || !http::equal_ignoring_case(path, kVersions)) return std::nullopt;
  try {
    Json none = Json::object();
    const Caller caller = authenticate(head, none, settings);
    return caller.holds_master_key() && !caller.is_read_only ? std::optional(kMaxBodyBytes) : std::nullopt;
  } catch (const Error&) {
    return std::nullopt;  // told when the request is whole
  }
}

}  // namespace parsimony::deploy_routes
