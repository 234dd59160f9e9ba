// What the command line, the environment and the config file say, brought together by precedence:
// arguments > environment > config file (as Parse Server). Defaults come later, with the profile.
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "types/json.h"

namespace parsimony {

enum class OptionSource { defaults, profile, found, config_file, environment, argument };

// The config file that is read from the working folder when none is named.
inline constexpr const char* kProjectConfig = "parsimony.json";

// What the process was started with, so that reading options needs no global state.
struct OptionInput {
  std::vector<std::pair<std::string, std::string>> arguments;    // option name and text, in the order given
  std::vector<std::pair<std::string, std::string>> environment;  // every variable of the process
  std::optional<std::filesystem::path> config_file;
  std::filesystem::path working_folder = ".";  // where a config file is looked for, and ./schema and ./fixtures by the profile `dev`
};

// The same with the config file that is read in the end: the one that was named, or kProjectConfig where there is one.
OptionInput with_project_config(OptionInput input);

// A line for each name at the top of the config file that is no option, with the nearest that is; collect_settings ends at the first.
// Empty when there is no file or it cannot be read.
std::vector<std::string> unknown_config_keys(const OptionInput& input);

struct OptionSetting {
  Json value;  // of the row's type (option_value.h)
  OptionSource source;
  std::string where;  // "--port", "variable PORT", "config.json"
};

// By the name of the option. An object given for an option with nested ones is here under the names of those.
using OptionSettings = std::map<std::string, OptionSetting>;

// Throws OptionError for an unknown option, a value of the wrong type and a config file that cannot be read. An unknown
// PARSE_SERVER_* variable is a warning, since environments are inherited; so is an option without effect.
OptionSettings collect_settings(const OptionInput& input, std::vector<std::string>& warnings);

}  // namespace parsimony
