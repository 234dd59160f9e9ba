#include "app/option_table.h"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <unordered_map>

#include "app/option_rows.h"

namespace parsimony {
namespace {

using Index = std::unordered_map<std::string, const OptionRow*>;

std::vector<OptionRow> joined_rows() {
  std::vector<OptionRow> rows;
  for (auto part : {active_option_rows(), inactive_option_rows(), nested_option_rows()}) rows.insert(rows.end(), part.begin(), part.end());
  return rows;
}

template <typename KeysOf>
Index index_by(KeysOf keys_of) {
  Index index;
  for (const OptionRow& row : option_table()) {
    for (std::string& key : keys_of(row)) index.emplace(std::move(key), &row);
  }
  return index;
}

const OptionRow* look_up(const Index& index, std::string_view key) {
  const auto found = index.find(std::string(key));
  return found == index.end() ? nullptr : found->second;
}

std::string without_dashes_and_case(std::string_view word) {
  std::string plain;
  for (char c : word) {
    if (c != '-' && c != '_') plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return plain;
}

// Levenshtein's distance, with the swap of two neighbours as one edit.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  std::iota(cost[0].begin(), cost[0].end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

bool any_row_starts_with(std::string_view prefix) {
  const auto rows = option_table();
  return std::any_of(rows.begin(), rows.end(), [&](const OptionRow& row) { return row.name.starts_with(prefix); });
}

std::string variable_by_rule(std::string_view name) {
  std::string variable = "PARSE_SERVER_" + kebab_case(name);
  for (char& c : variable) c = c == '-' || c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return variable;
}

constexpr std::size_t kLongestCompared = 128;  // a longer word is no slip of a name, and the distance costs its square

constexpr std::size_t kShortestBeginning = 3;

}  // namespace

std::span<const OptionRow> option_table() {
  static const std::vector<OptionRow> rows = joined_rows();
  return rows;
}

const OptionRow* find_option(std::string_view name) {
  static const Index index = index_by([](const OptionRow& row) { return std::vector{std::string(row.name)}; });
  return look_up(index, name);
}

const OptionRow* find_option_by_environment(std::string_view variable) {
  static const Index index = index_by([](const OptionRow& row) {
    return row.environment.empty() ? std::vector<std::string>{} : std::vector{std::string(row.environment)};
  });
  return look_up(index, variable);
}

const OptionRow* find_option_by_flag(std::string_view flag) {
  static const Index index = index_by([](const OptionRow& row) {
    return has_flag(row) ? std::vector{std::string(row.name), kebab_case(row.name)} : std::vector<std::string>{};
  });
  return look_up(index, flag);
}

bool has_flag(const OptionRow& row) { return row.name.find_first_of("[<") == std::string_view::npos; }

bool has_members(const OptionRow& row) {
  return any_row_starts_with(std::string(row.name) + ".") && !any_row_starts_with(std::string(row.name) + ".<");
}

bool has_elements(const OptionRow& row) { return any_row_starts_with(std::string(row.name) + "[]."); }

std::string kebab_case(std::string_view name) {
  const auto is_upper = [&](std::size_t i) { return i < name.size() && std::isupper(static_cast<unsigned char>(name[i])) != 0; };
  const auto starts_word = [&](std::size_t i) {
    const bool inside_graphql = i >= 4 && name.substr(i - 4, 6) == "raphQL";  // one word, written "graphql"
    if (!is_upper(i) || i == 0 || name[i - 1] == '.' || inside_graphql) return false;
    const bool ends_capitals = is_upper(i - 1) && i + 1 < name.size() && std::islower(static_cast<unsigned char>(name[i + 1]));
    return !is_upper(i - 1) || ends_capitals;
  };
  std::string kebab;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (starts_word(i)) kebab += '-';
    kebab += static_cast<char>(std::tolower(static_cast<unsigned char>(name[i])));
  }
  return kebab;
}

std::string_view type_name(OptionType type) {
  switch (type) {
    case OptionType::string: return "text";
    case OptionType::integer: return "whole number";
    case OptionType::number: return "number";
    case OptionType::boolean: return "true or false";
    case OptionType::list: return "list";
    case OptionType::object: return "JSON";
    case OptionType::path: return "path";
    case OptionType::any: return "text or JSON";
  }
  return "";
}

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
  const std::string plain = without_dashes_and_case(word.substr(0, kLongestCompared));
  std::string best;
  std::size_t best_distance = std::string::npos;
  for (const std::string& candidate : candidates) {
    const std::string other = without_dashes_and_case(candidate);
    const bool is_beginning = plain.size() >= kShortestBeginning && other.starts_with(plain);  // "allowClientClass" is one slip away
    const std::size_t distance = is_beginning && other != plain ? 1 : edit_distance(plain, other);
    if (distance < best_distance) best = candidate, best_distance = distance;
  }
  return best;
}

std::string nearest_option(std::string_view word) {
  std::vector<std::string> names;
  for (const OptionRow& row : option_table()) names.emplace_back(row.name);
  return nearest(word, names);
}

std::string nearest_variable(std::string_view word) {
  // Also by the name the variable would have by the rule: PARSE_SERVER_APP_ID leads to PARSE_SERVER_APPLICATION_ID.
  std::unordered_map<std::string, std::string_view> variables;
  std::vector<std::string> names;
  for (const OptionRow& row : option_table()) {
    if (row.environment.empty()) continue;
    for (const std::string& name : {std::string(row.environment), variable_by_rule(row.name)}) {
      if (variables.emplace(name, row.environment).second) names.push_back(name);
    }
  }
  return std::string(variables.at(nearest(word, names)));
}

}  // namespace parsimony
