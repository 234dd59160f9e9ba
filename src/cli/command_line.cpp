#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <limits>
#include <map>

#include "app/option_error.h"
#include "app/option_table.h"

namespace parsimony {
namespace {

constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();

constexpr std::string_view kExplainAccessFlags[] = {"--user", "--operation"};
constexpr std::string_view kLogsFlags[] = {"--level", "--since", "--search", "--lines"};
constexpr std::string_view kLogsSwitches[] = {"-f,--follow", "--json"};

constexpr std::string_view kDoctorSwitches[] = {"--json"};

constexpr std::string_view kDeployFlags[] = {"--server", "--main"};
constexpr std::string_view kDeploySwitches[] = {"--list"};
constexpr std::string_view kRollbackFlags[] = {"--server"};
constexpr std::string_view kRollbackSwitches[] = {"--to-config"};

constexpr std::string_view kCloudFlags[] = {"--filter", "--timeout"};

constexpr CommandInfo kCommands[] = {
    {"serve", "[CONFIG.json]", "Start the server.", true, 0, 1},
    {"init", "[DIR]", "Lay out the folder of a new project.", false, 0, 1},
    {"import", "PATH…", "Bring JSON files or folders of them into the database.", true, 1, kAny},
    {"export", "DIR", "Write the classes and their rows as JSON files.", true, 1, 1},
    {"explain-access", "CLASS OBJECT", "Tell why a user may or may not do something with an object.", true, 2, 2, kExplainAccessFlags},
    {"doctor", "", "Check keys, port, data and options, and say what to do.", true, 0, 0, {}, kDoctorSwitches},
    {"logs", "", "Show what a server has logged, whether it runs or not.", true, 0, 0, kLogsFlags, kLogsSwitches},
    {"deploy", "[DIR]", "Send Cloud Code to a running server.", true, 0, 1, kDeployFlags, kDeploySwitches},
    {"rollback", "[VERSION]", "Let an earlier version of the Cloud Code serve.", true, 0, 1, kRollbackFlags, kRollbackSwitches},
    {"cloud", "test [DIR]", "Run the tests of the Cloud Code against a server of their own.", true, 1, 2, kCloudFlags},
    {"version", "", "Print the version.", false, 0, 0},
    {"help", "[COMMAND|options]", "Explain a command, or all options.", false, 0, 1},
};

using Words = std::vector<std::string>;

bool is_flag(const std::string& word) { return word.size() > 1 && word.starts_with('-'); }
bool is_boolean(const std::string& word) { return word == "true" || word == "false" || word == "1" || word == "0"; }

const OptionRow* row_of_flag(const std::string& word) {
  return word.starts_with("--") ? find_option_by_flag(std::string_view(word).substr(2)) : nullptr;
}

// CLI11 would take the next flag for the value.
void check_has_value(const std::string& flag, const std::string* next) {
  const bool is_missing = next == nullptr || row_of_flag(next->substr(0, next->find('='))) != nullptr;
  if (is_missing) throw OptionError("option " + flag + " needs a value");
}

// `serve` may be followed by a config file: whatever else stands behind a boolean flag was meant as its value.
void check_is_boolean(const CommandInfo& command, const std::string& flag, const std::string& next) {
  if (command.name != "serve" || is_flag(next) || next.ends_with(".json") || std::filesystem::exists(next)) return;
  throw OptionError("option " + flag + " is true or false, not \"" + next + "\"");
}

// Makes the number of values of each flag plain to CLI11: a boolean flag takes the next word only when it is a boolean, and
// `serve --schema` takes all files up to the next flag.
Words with_plain_values(const CommandInfo& command, const Words& words) {
  Words plain;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const OptionRow* row = row_of_flag(words[i]);
    const bool has_next = i + 1 < words.size();
    if (row != nullptr && row->type != OptionType::boolean) check_has_value(words[i], has_next ? &words[i + 1] : nullptr);
    if (row != nullptr && row->type == OptionType::boolean) {
      const bool takes_next = has_next && is_boolean(words[i + 1]);
      if (has_next && !takes_next) check_is_boolean(command, words[i], words[i + 1]);
      plain.push_back(words[i] + "=" + (takes_next ? words[i + 1] : "true"));
      i += takes_next ? 1 : 0;
    } else if (row != nullptr && row->name == "schema" && command.name == "serve") {
      const std::string flag = words[i];
      do plain.push_back(flag + "=" + words[++i]);
      while (i + 1 < words.size() && !is_flag(words[i + 1]));
    } else {
      plain.push_back(words[i]);
    }
  }
  return plain;
}

// "--follow" of "-f,--follow".
std::string long_name(std::string_view name) { return std::string(name.substr(name.find(',') + 1)); }

// CLI11's reading of the words of one command.
class Reading {
 public:
  Reading(const CommandInfo& command, const Words& words) : command_(command) {
    app_.set_help_flag();
    app_.allow_extras();
    app_.add_flag("-h,--help", wants_help_);
    app_.add_option("arguments", arguments_);
    if (command.takes_options) add_options_in(words);
    for (const std::string_view flag : command.flags) app_.add_option(std::string(flag), values_[std::string(flag)]);
    for (const std::string_view name : command.switches) app_.add_flag(std::string(name), switches_[long_name(name)]);
    parse(words);
  }

  CommandLine result() {
    CommandLine line;
    line.command = &command_;
    line.wants_help = wants_help_;
    if (!config_.empty()) line.input.config_file = config_;
    for (const auto& [name, texts] : texts_) {
      for (const std::string& text : texts) line.input.arguments.emplace_back(name, text);
    }
    line.arguments = std::move(arguments_);
    std::erase_if(values_, [](const auto& value) { return value.second.empty(); });
    line.values = std::move(values_);
    for (const auto& [name, is_given] : switches_) {
      if (is_given) line.switches.insert(name);
    }
    return line;
  }

 private:
  // Only those that occur: CLI11 compares every new option with all others, which for the whole table takes milliseconds.
  void add_options_in(const Words& words) {
    app_.add_option("--config", config_);
    for (const std::string& word : words) {
      const OptionRow* row = row_of_flag(word.substr(0, word.find('=')));
      if (row == nullptr || texts_.contains(std::string(row->name))) continue;
      const std::string name(row->name);
      const std::string kebab = kebab_case(name);
      const std::string flags = "--" + name + (kebab == name ? "" : ",--" + kebab);
      // A JSON list in brackets is one text for us; CLI11 would take it apart if more than one value were allowed.
      app_.add_option(flags, texts_[name])->type_size(1)->expected(1)->allow_extra_args(false)->take_all();
    }
  }

  void parse(Words words) {
    std::reverse(words.begin(), words.end());  // the order that CLI11 takes them in
    try {
      app_.parse(words);
    } catch (const CLI::ParseError& error) {
      throw OptionError("cannot read the command line: " + std::string(error.what()));
    }
    for (const std::string& word : app_.remaining()) refuse_unknown(word);
  }

  [[noreturn]] void refuse_unknown(const std::string& word) const {
    if (!is_flag(word)) throw OptionError("unexpected argument \"" + word + "\"; see: parsimony help " + std::string(command_.name));
    const std::string flag = word.substr(0, word.find('='));
    const bool is_kebab = flag.find('-', 2) != std::string::npos;
    Words known = {"--help"};
    if (command_.takes_options) known.emplace_back("--config");
    known.insert(known.end(), command_.flags.begin(), command_.flags.end());
    for (const std::string_view name : command_.switches) known.push_back(long_name(name));
    for (const OptionRow& row : option_table()) {
      if (command_.takes_options && has_flag(row)) known.push_back("--" + (is_kebab ? kebab_case(row.name) : std::string(row.name)));
    }
    throw OptionError("unknown option " + flag + "; the nearest known one is " + nearest(flag, known));
  }

  const CommandInfo& command_;
  CLI::App app_;
  bool wants_help_ = false;
  std::string config_;
  Words arguments_;
  std::map<std::string, Words> texts_;
  std::map<std::string, std::string> values_;
  std::map<std::string, bool> switches_;
};

const CommandInfo& command_named(const std::string& word) {
  if (word == "--help" || word == "-h") return *find_command("help");
  if (word == "--version" || word == "-v") return *find_command("version");
  if (is_flag(word)) throw OptionError("name a command before options, for example: parsimony serve " + word);
  if (const CommandInfo* command = find_command(word)) return *command;
  Words known;
  for (const CommandInfo& command : kCommands) known.emplace_back(command.name);
  throw OptionError("unknown command \"" + word + "\"; the nearest known one is \"" + nearest(word, known) + "\"");
}

void check_arguments(const CommandLine& line) {
  const CommandInfo& command = *line.command;
  if (line.wants_help) return;
  const std::string usage = "; usage: parsimony " + std::string(command.name) + " [options] " + std::string(command.arguments);
  if (line.arguments.size() < command.least_arguments) throw OptionError("an argument is missing" + usage);
  if (line.arguments.size() > command.most_arguments) {
    throw OptionError("unexpected argument \"" + line.arguments[command.most_arguments] + "\"" + usage);
  }
}

void take_config_file(CommandLine& line) {
  if (line.command->name != "serve" || line.arguments.empty()) return;
  if (line.input.config_file) throw OptionError("two config files are given, by --config and as an argument; give one");
  line.input.config_file = line.arguments.front();
  line.arguments.clear();
}

}  // namespace

std::span<const CommandInfo> commands() { return kCommands; }

const CommandInfo* find_command(std::string_view name) {
  const auto found = std::find_if(std::begin(kCommands), std::end(kCommands), [&](const CommandInfo& info) { return info.name == name; });
  return found == std::end(kCommands) ? nullptr : found;
}

Environment environment_of(const char* const* variables) {
  Environment environment;
  for (; variables != nullptr && *variables != nullptr; ++variables) {
    const std::string_view variable = *variables;
    const std::size_t equals = variable.find('=');
    if (equals != std::string_view::npos) environment.emplace_back(variable.substr(0, equals), variable.substr(equals + 1));
  }
  return environment;
}

CommandLine parse_command_line(const Words& words, Environment environment) {
  const CommandInfo& command = words.empty() ? *find_command("help") : command_named(words.front());
  const Words rest(words.empty() ? words.end() : words.begin() + 1, words.end());
  CommandLine line = Reading(command, with_plain_values(command, rest)).result();
  check_arguments(line);
  take_config_file(line);
  line.input.environment = std::move(environment);
  return line;
}

}  // namespace parsimony
