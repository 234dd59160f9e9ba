#include "app/options_input.h"

#include <fstream>
#include <iterator>

#include "app/option_error.h"
#include "app/option_table.h"
#include "app/option_value.h"

namespace parsimony {
namespace {

struct Giver {
  OptionSource source;
  std::string where;
};

void give(OptionSettings& settings, const OptionRow& row, const Json& value, const Giver& giver);

std::string unknown_text(const std::string& name, const std::string& where) {
  return "unknown option \"" + name + "\" in " + where + "; the nearest known one is \"" + nearest_option(name) + "\"";
}

const OptionRow& known_option(const std::string& name, const std::string& where) {
  if (const OptionRow* row = find_option(name)) return *row;
  throw OptionError(unknown_text(name, where));
}

// The elements of a list such as rateLimit: their keys and types are checked, the list itself stays one value.
void check_elements(const OptionRow& row, const Json& list, const Giver& giver) {
  for (const Json& element : list) {
    if (!element.is_object()) continue;
    for (const auto& [key, value] : element.items()) {
      const OptionRow& nested = known_option(std::string(row.name) + "[]." + key, giver.where);
      if (!value.is_null()) option_value_from_json(nested, value, giver.where);
    }
  }
}

void give_members(OptionSettings& settings, const OptionRow& row, const Json& object, const Giver& giver) {
  for (const auto& [key, value] : object.items()) {
    give(settings, known_option(std::string(row.name) + "." + key, giver.where), value, giver);
  }
}

void give(OptionSettings& settings, const OptionRow& row, const Json& value, const Giver& giver) {
  if (value.is_null()) return;
  Json checked = option_value_from_json(row, value, giver.where);
  if (checked.is_object() && has_members(row)) return give_members(settings, row, checked, giver);
  if (checked.is_array() && has_elements(row)) check_elements(row, checked, giver);
  settings[std::string(row.name)] = {std::move(checked), giver.source, giver.where};
}

void give_text(OptionSettings& settings, const OptionRow& row, const std::string& text, const Giver& giver) {
  give(settings, row, option_value_from_text(row, text, giver.where), giver);
}

std::string read_config_text(const std::filesystem::path& file) {
  if (file.extension() == ".js" || file.extension() == ".mjs" || file.extension() == ".cjs") {
    throw OptionError("config file " + file.string() + " is JavaScript; write the same settings as JSON and name that file");
  }
  std::ifstream in(file, std::ios::binary);
  if (!in || std::filesystem::is_directory(file))
    throw OptionError("cannot read the config file " + file.string() + "; check the path after --config");
  return {std::istreambuf_iterator<char>(in), {}};
}

Json read_config(const std::filesystem::path& file) {
  const std::string text = read_config_text(file);
  try {
    return parse_json(text);
  } catch (const JsonSyntaxError& error) {
    throw OptionError(file.string() + ":" + std::to_string(error.line()) + ":" + std::to_string(error.column()) +
                      ": not JSON: " + error.what());
  }
}

// Parse Server's other form, {"apps":[{…}]}, holds the settings of one app.
Json app_of_config(Json config, const std::string& where) {
  if (!config.is_object()) throw OptionError(where + " must hold a JSON object with options");
  const auto apps = config.find("apps");
  if (apps == config.end()) return config;
  if (!apps->is_array() || apps->size() != 1 || !apps->front().is_object()) {
    throw OptionError("\"apps\" in " + where + " must be a list of exactly one app; start one server for each app");
  }
  Json app = apps->front();
  return app;
}

void add_config_file(OptionSettings& settings, const std::filesystem::path& file) {
  const Giver giver{OptionSource::config_file, file.string()};
  const Json config = app_of_config(read_config(file), giver.where);
  for (const auto& [key, value] : config.items()) give(settings, known_option(key, giver.where), value, giver);
}

void add_environment(OptionSettings& settings, const OptionInput& input, std::vector<std::string>& warnings) {
  for (const auto& [variable, text] : input.environment) {
    if (text.empty()) continue;  // as Parse Server: set but empty is unset
    if (const OptionRow* row = find_option_by_environment(variable)) {
      give_text(settings, *row, text, {OptionSource::environment, "variable " + variable});
    } else if (variable.starts_with("PARSE_SERVER_") || variable.starts_with("PARSIMONY_")) {
      warnings.push_back("variable " + variable + " is no option and is ignored; the nearest known one is " + nearest_variable(variable));
    }
  }
}

// A flag given again adds to a list of paths or texts; of others the last one counts.
std::map<std::string, std::string> texts_by_option(const OptionInput& input) {
  std::map<std::string, std::string> texts;
  for (const auto& [name, text] : input.arguments) {
    const OptionRow* row = find_option(name);
    const bool adds = row != nullptr && (row->type == OptionType::list || name == "schema") && texts.contains(name);
    texts[name] = adds ? texts[name] + "," + text : text;
  }
  return texts;
}

void add_arguments(OptionSettings& settings, const OptionInput& input) {
  for (const auto& [name, text] : texts_by_option(input)) {
    const Giver giver{OptionSource::argument, "--" + name};
    give_text(settings, known_option(name, "the command line"), text, giver);
  }
}

void warn_without_effect(const OptionSettings& settings, std::vector<std::string>& warnings) {
  for (const auto& [name, setting] : settings) {
    const OptionRow& row = *find_option(name);
    const std::string option = "option \"" + name + "\" (" + setting.where + ") ";
    if (row.status == OptionStatus::later) warnings.push_back(option + "has no effect yet");
    if (row.status == OptionStatus::never) warnings.push_back(option + "has no effect here. " + std::string(row.help));
  }
}

}  // namespace

OptionInput with_project_config(OptionInput input) {
  const std::filesystem::path file = input.working_folder / kProjectConfig;
  if (!input.config_file && std::filesystem::exists(file)) input.config_file = file;
  return input;
}

std::vector<std::string> unknown_config_keys(const OptionInput& given) {
  std::vector<std::string> texts;
  const OptionInput input = with_project_config(given);
  if (!input.config_file) return texts;
  try {
    const std::string where = input.config_file->string();
    const Json config = app_of_config(read_config(*input.config_file), where);
    for (const auto& [key, value] : config.items()) {
      if (find_option(key) == nullptr) texts.push_back(unknown_text(key, where));
    }
  } catch (const OptionError&) {
    return {};
  }
  return texts;
}

OptionSettings collect_settings(const OptionInput& input, std::vector<std::string>& warnings) {
  OptionSettings settings;
  if (input.config_file) add_config_file(settings, *input.config_file);
  add_environment(settings, input, warnings);
  add_arguments(settings, input);
  warn_without_effect(settings, warnings);
  return settings;
}

}  // namespace parsimony
