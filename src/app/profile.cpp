#include "app/profile.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "app/option_error.h"
#include "app/option_table.h"

namespace parsimony {
namespace {

struct NamedProfile {
  std::string_view name;
  Profile profile;
};
constexpr std::array kProfiles = {NamedProfile{"dev", Profile::dev}, NamedProfile{"parse-server", Profile::parse_server},
                                  NamedProfile{"strict", Profile::strict}};

Profile profile_by_name(const OptionSetting& setting) {
  const std::string& name = setting.value.get_ref<const std::string&>();
  std::vector<std::string> names;
  for (const NamedProfile& known : kProfiles) {
    if (name == known.name) return known.profile;
    names.emplace_back(known.name);
  }
  throw OptionError("unknown profile \"" + name + "\" (" + setting.where + "); the nearest known one is \"" + nearest(name, names) + "\"");
}

// What shows that the start was made for Parse Server.
std::optional<std::string> sign_of_parse_server(const OptionInput& input) {
  if (input.config_file) return "a config file was given";
  for (const auto& [name, text] : input.arguments) {
    if (name == "appId" || name == "masterKey") return "--" + name + " was given";
  }
  for (const auto& [variable, text] : input.environment) {
    if (variable.starts_with("PARSE_SERVER_") && !text.empty()) return variable + " is set";
  }
  return std::nullopt;
}

}  // namespace

std::string_view profile_name(Profile profile) {
  const auto named = std::find_if(kProfiles.begin(), kProfiles.end(), [&](const NamedProfile& known) { return known.profile == profile; });
  return named->name;
}

std::string_view own_default(Profile profile, const OptionRow& row) {
  switch (profile) {
    case Profile::dev: return row.dev_default;
    case Profile::strict: return row.strict_default;
    case Profile::parse_server: break;
  }
  return {};
}

ProfileChoice choose_profile(const OptionInput& input, const OptionSettings& settings) {
  if (const auto named = settings.find("profile"); named != settings.end()) {
    return {profile_by_name(named->second), "as named by " + named->second.where};
  }
  if (const auto sign = sign_of_parse_server(input)) return {Profile::parse_server, "because " + *sign};
  return {Profile::dev, "because neither a config file nor keys nor PARSE_SERVER_* variables were given"};
}

}  // namespace parsimony
