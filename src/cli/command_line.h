// The words after the program's name, sorted: which command, which options, which arguments. CLI11 does the reading, the option
// table (app/option_table.h) says which flags there are.
#pragma once
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/options_input.h"

namespace parsimony {

struct CommandInfo {
  std::string_view name;
  std::string_view arguments;  // for the usage line
  std::string_view summary;
  bool takes_options;  // those of the option table
  std::size_t least_arguments;
  std::size_t most_arguments;
  std::span<const std::string_view> flags = {};     // of its own, "--name", each with a value
  std::span<const std::string_view> switches = {};  // of its own, without one: "--name", or "-n,--name"
};

std::span<const CommandInfo> commands();
const CommandInfo* find_command(std::string_view name);

struct CommandLine {
  const CommandInfo* command = nullptr;
  OptionInput input;
  std::vector<std::string> arguments;         // without the config file of `serve`
  std::map<std::string, std::string> values;  // of the command's own flags, as far as they are given
  std::set<std::string> switches;             // those that are given, "--name"
  bool wants_help = false;
};

using Environment = std::vector<std::pair<std::string, std::string>>;
Environment environment_of(const char* const* variables);

// `words` are without the program's name. No word means help. Throws OptionError for an unknown command or flag, with the nearest
// known one, and for a missing value or argument.
CommandLine parse_command_line(const std::vector<std::string>& words, Environment environment);

}  // namespace parsimony
