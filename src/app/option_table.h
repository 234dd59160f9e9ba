// The one table of options. Flags, environment variables, config keys, help text and docs/options.md come from it.
//
// Names, environment variables, defaults and meaning are Parse Server 9's wherever it has the option. Names of nested options
// are dotted ("schema.lockSchemas"); "[]" stands for the elements of a list and "<provider>" for any name.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parsimony {

enum class OptionType {
  string,
  integer,
  number,
  boolean,
  list,    // of strings: comma separated, or a JSON array
  object,  // JSON: an object or an array
  path,
  any,  // text, or JSON of any kind
};

enum class OptionStatus {
  active,
  later,  // known, without effect yet: a warning when it is set
  never,  // known, and there is nothing for it to do here: a warning when it is set
};

struct OptionRow {
  std::string_view name;         // the config key
  std::string_view environment;  // empty when it has none
  OptionType type;
  std::string_view default_text;  // as it would be written on the command line; empty when unset
  OptionStatus status;
  std::string_view help;
  std::string_view group = {};        // heading in the help, active options only
  std::string_view dev_default = {};  // defaults of the profiles `dev` and `strict` where they differ
  std::string_view strict_default = {};
};

std::span<const OptionRow> option_table();

// nullptr when there is no such option.
const OptionRow* find_option(std::string_view name);
const OptionRow* find_option_by_environment(std::string_view variable);
// By a flag without its dashes, in either spelling: "appId" or "app-id".
const OptionRow* find_option_by_flag(std::string_view flag);

// Whether the option can be given on the command line; elements of lists cannot.
bool has_flag(const OptionRow& row);
// Whether other rows are members of this one's value (an object), or of the elements of it (a list of objects).
bool has_members(const OptionRow& row);
bool has_elements(const OptionRow& row);

// "masterKeyIps" -> "master-key-ips", "restAPIKey" -> "rest-api-key".
std::string kebab_case(std::string_view name);
std::string_view type_name(OptionType type);

// The candidate with the smallest edit distance to `word`; case and dashes do not count. Empty without candidates.
std::string nearest(std::string_view word, std::span<const std::string> candidates);
std::string nearest_option(std::string_view word);
std::string nearest_variable(std::string_view word);

}  // namespace parsimony
