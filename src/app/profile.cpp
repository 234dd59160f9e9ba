#include "app/profile.h"

#include <optional>

#include "app/option_error.h"
#include "app/option_table.h"

namespace parsimony {
namespace {

constexpr std::string_view kDev = "dev";
constexpr std::string_view kParseServer = "parse-server";

Profile profile_by_name(const OptionSetting& setting) {
  const std::string& name = setting.value.get_ref<const std::string&>();
  if (name == kDev) return Profile::dev;
  if (name == kParseServer) return Profile::parse_server;
  const std::string names[] = {std::string(kDev), std::string(kParseServer)};
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

std::string_view profile_name(Profile profile) { return profile == Profile::dev ? kDev : kParseServer; }

ProfileChoice choose_profile(const OptionInput& input, const OptionSettings& settings) {
  if (const auto named = settings.find("profile"); named != settings.end()) {
    return {profile_by_name(named->second), "as named by " + named->second.where};
  }
  if (const auto sign = sign_of_parse_server(input)) return {Profile::parse_server, "because " + *sign};
  return {Profile::dev, "because neither a config file nor keys nor PARSE_SERVER_* variables were given"};
}

}  // namespace parsimony
