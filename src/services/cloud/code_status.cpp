#include "common/clock.h"
#include "common/error.h"
#include "services/cloud/deployments.h"

namespace parsimony {
namespace {

std::string list_of(const std::vector<CodeVersion>& versions) {
  std::string text;
  for (const CodeVersion& version : versions) text += (text.empty() ? "" : ", ") + std::to_string(version.number);
  return text.empty() ? "none" : text;
}

std::string absence_of(const CodeRollback& target, const CodeStatus& status) {
  const std::string kept = "These are kept: " + list_of(status.versions) + ".";
  if (target.version) return "There is no version " + std::to_string(*target.version) + ". " + kept;
  if (!status.serves) return "The code of the config serves; name a version. " + kept;
  return "No version before " + std::to_string(*status.serves) + " is kept; the code of the config can serve instead.";
}

}  // namespace

std::optional<CodeVersion> version_for(const CodeRollback& target, const CodeStatus& status) {
  if (target.to_config) return std::nullopt;
  for (const CodeVersion& version : status.versions) {
    const bool is_meant = target.version ? version.number == *target.version : status.serves && version.number < *status.serves;
    if (is_meant) return version;
  }
  throw Error(error_code::kObjectNotFound, absence_of(target, status));
}

Json encode(const CodeVersion& version) {
  return {{"version", version.number},
          {"main", version.main},
          {"createdAt", iso_date(version.created_ms)},
          {"files", version.files},
          {"bytes", version.bytes}};
}

Json encode(const CodeStatus& status) {
  Json versions = Json::array();
  for (const CodeVersion& version : status.versions) versions.push_back(encode(version));
  Json json = {{"results", std::move(versions)}, {"serves", status.serves ? Json(*status.serves) : Json(nullptr)}};
  if (!status.config_main.empty()) json["config"] = status.config_main;
  return json;
}

}  // namespace parsimony
