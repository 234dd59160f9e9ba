#include "query/find_options.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "common/error.h"

namespace parsimony {
namespace {

constexpr std::size_t kMaxEchoLength = 100;
constexpr std::size_t kMaxKeys = 1000;
constexpr std::string_view kAlwaysShown[] = {"objectId", "createdAt", "updatedAt", "ACL"};

[[noreturn]] void refuse(int code, std::string_view reason, std::string_view detail = {}, std::string_view rest = {}) {
  throw Error(code, std::string(reason).append(detail.substr(0, kMaxEchoLength)).append(rest));
}

[[noreturn]] void refuse_value(std::string_view parameter) {
  refuse(error_code::kInvalidQuery, "Invalid value for parameter: ", parameter);
}

// ---- Values: of their JSON type, or text from a query string

// What a text stands for when it is JSON; otherwise the text itself.
Json typed(const Json& value) {
  const auto* text = value.get_ptr<const std::string*>();
  if (text == nullptr) return value;
  try {
    return parse_json(*text);
  } catch (const JsonSyntaxError&) {
    return value;
  }
}

bool is_true(const Json& value) {
  const Json flag = typed(value);
  if (flag.is_boolean()) return flag.get<bool>();
  if (flag.is_number()) return flag.get<double>() != 0;
  if (flag.is_string()) return !flag.get_ref<const std::string&>().empty();
  return !flag.is_null();
}

bool is_empty_text(const Json& value) {
  const auto* text = value.get_ptr<const std::string*>();
  return text != nullptr && text->empty();
}

std::int64_t read_count(std::string_view parameter, const Json& value) {
  const Json number = typed(value);
  if (!number.is_number() || number.get<double>() < 0) refuse_value(parameter);
  if (number.is_number_integer()) return number.get<std::int64_t>();
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  const double whole = std::floor(number.get<double>());
  return whole >= static_cast<double>(kMax) ? kMax : static_cast<std::int64_t>(whole);
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// Calls `take` with each part of `text`, trimmed, without the empty ones.
template <typename Take>
void split(std::string_view text, char separator, Take take) {
  while (true) {
    const auto end = text.find(separator);
    if (const auto part = trimmed(text.substr(0, end)); !part.empty()) take(part);
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

// A comma list, or an array of names.
std::vector<std::string> read_names(std::string_view parameter, const Json& value, std::size_t max_names) {
  std::vector<std::string> names;
  const auto take = [&](std::string_view name) {
    if (names.size() == max_names) refuse(error_code::kInvalidQuery, "Too many names in parameter: ", parameter);
    names.emplace_back(name);
  };
  const auto* text = value.get_ptr<const std::string*>();
  const Json list = text != nullptr && text->starts_with('[') ? typed(value) : value;
  if (const auto* commas = list.get_ptr<const std::string*>()) {
    split(*commas, ',', take);
    return names;
  }
  if (!list.is_array()) refuse_value(parameter);
  for (const Json& element : list) {
    const auto* name = element.get_ptr<const std::string*>();
    if (name == nullptr) refuse_value(parameter);
    split(*name, ',', take);
  }
  return names;
}

std::vector<std::string> split_path(std::string_view parameter, std::string_view dotted) {
  std::vector<std::string> steps;
  split(dotted, '.', [&](std::string_view step) {
    if (steps.size() == kMaxIncludeDepth) refuse(error_code::kInvalidQuery, "Paths too deep in parameter: ", parameter);
    steps.emplace_back(step);
  });
  return steps;
}

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

// ---- Parameters

struct Request {
  FindOptions options;
  bool allow_internal_fields = false;
  ComplexityLimits limits = {};
  std::vector<std::vector<std::string>> keys;
  std::vector<std::vector<std::string>> excluded;
};

void read_where(Request& request, std::string_view, const Json& value) {
  const WhereRules rules{request.allow_internal_fields, request.limits};
  const auto* text = value.get_ptr<const std::string*>();
  if (text == nullptr) {
    request.options.where = parse_where(value, rules);
    return;
  }
  try {
    request.options.where = parse_where(parse_json(*text), rules);
  } catch (const JsonSyntaxError&) {
    refuse(error_code::kInvalidJson, "where parameter is not valid JSON");
  }
}

void read_limit(Request& request, std::string_view name, const Json& value) {
  if (!is_empty_text(value)) request.options.limit = read_count(name, value);
}

void read_skip(Request& request, std::string_view name, const Json& value) {
  if (!is_empty_text(value)) request.options.skip = read_count(name, value);
}

void read_count_flag(Request& request, std::string_view, const Json& value) { request.options.count = is_true(value); }

void read_order(Request& request, std::string_view name, const Json& value) {
  for (const std::string& part : read_names(name, value, kMaxSortKeys)) {
    const bool descending = part.starts_with('-');
    const std::string_view path = std::string_view(part).substr(descending ? 1 : 0);
    if (path != kScoreKey && !is_valid_path(path)) refuse(error_code::kInvalidKeyName, "Invalid field name: ", path, ".");
    request.options.order.push_back({FieldPath::parse(path), descending});
  }
}

void follow(IncludeTree& tree, const std::vector<std::string>& path, std::size_t steps) {
  IncludeTree* node = &tree;
  for (std::size_t i = 0; i < steps; ++i) node = &node->children[path[i]];
}

void read_include(Request& request, std::string_view name, const Json& value) {
  for (const std::string& path : read_names(name, value, kMaxIncludePaths)) {
    if (path == "*") {
      request.options.include_all = true;
      continue;
    }
    const auto steps = split_path(name, path);
    follow(request.options.include, steps, steps.size());
  }
}

void read_include_all(Request& request, std::string_view, const Json& value) {
  if (is_true(value)) request.options.include_all = true;
}

// Top-level names are shown; "a.b" shows a and follows it.
void read_keys(Request& request, std::string_view name, const Json& value) {
  auto& keys = request.options.selection.keys;
  if (!keys) keys.emplace();
  std::size_t followed = 0;
  for (const std::string& key : read_names(name, value, kMaxKeys)) {
    if (key == kScoreKey) {
      request.options.score = true;
      continue;
    }
    auto steps = split_path(name, key);
    if (steps.empty()) continue;
    add_once(*keys, steps.front());
    if (steps.size() > 1 && ++followed > kMaxIncludePaths) refuse(error_code::kInvalidQuery, "Too many names in parameter: ", name);
    follow(request.options.include, steps, steps.size() - 1);
    request.keys.push_back(std::move(steps));
  }
}

void read_excluded_keys(Request& request, std::string_view name, const Json& value) {
  for (const std::string& key : read_names(name, value, kMaxKeys)) {
    auto steps = split_path(name, key);
    if (steps.size() == 1) add_once(request.options.selection.excluded, steps.front());
    if (steps.size() > 1) request.excluded.push_back(std::move(steps));
  }
}

// The engine has one kind of plan, whichever of MongoDB's is asked for.
void read_explain(Request& request, std::string_view, const Json& value) {
  constexpr std::string_view kKinds[] = {"queryPlanner", "queryPlannerExtended", "executionStats", "allPlansExecution"};
  const Json kind = typed(value);
  const auto* text = kind.get_ptr<const std::string*>();
  const bool is_kind = text && std::find(std::begin(kKinds), std::end(kKinds), *text) != std::end(kKinds);
  if (!is_kind && !kind.is_boolean()) refuse(error_code::kInvalidQuery, "Invalid value for explain");
  request.options.explain = is_kind || kind.get<bool>();
}

void read_redirect(Request& request, std::string_view name, const Json& value) {
  const auto* key = value.get_ptr<const std::string*>();
  if (!key) refuse_value(name);
  request.options.redirect_key = *key;
}

void read_sum(Request& request, std::string_view parameter, const Json& value) {
  for (const std::string& name : read_names(parameter, value, kMaxSums)) {
    if (!is_valid_path(name)) refuse(error_code::kInvalidKeyName, "Invalid field name: ", name, ".");
    add_once(request.options.sums, name);
  }
}

void read_collation(Request& request, std::string_view, const Json& value) { request.options.collation = decode_collation(typed(value)); }

void ignore(Request&, std::string_view, const Json&) {}

struct Parameter {
  std::string_view name;
  bool for_get;
  void (*read)(Request& request, std::string_view name, const Json& value);
};
constexpr Parameter kParameters[] = {
    {"where", false, read_where},
    {"limit", false, read_limit},
    {"skip", false, read_skip},
    {"order", false, read_order},
    {"count", false, read_count_flag},
    {"keys", true, read_keys},
    {"excludeKeys", true, read_excluded_keys},
    {"include", true, read_include},
    {"includeAll", false, read_include_all},
    {"readPreference", true, ignore},
    {"includeReadPreference", true, ignore},
    {"subqueryReadPreference", true, ignore},
    {"explain", false, read_explain},
    {"redirectClassNameForKey", false, read_redirect},
    {"collation", false, read_collation},
    {"sum", false, read_sum},
    {"hint", false, ignore},
    {"comment", false, ignore},
};

const Parameter* find_parameter(std::string_view name) {
  const auto* const end = std::end(kParameters);
  const auto* const found = std::find_if(std::begin(kParameters), end, [&](const Parameter& p) { return p.name == name; });
  return found == end ? nullptr : found;
}

// Hands the rest of each dotted key down to the objects that it reaches into.
void select_in_included(IncludeTree& tree, std::size_t depth, const std::vector<const std::vector<std::string>*>& keys,
                        const std::vector<const std::vector<std::string>*>& excluded) {
  using Paths = std::vector<const std::vector<std::string>*>;
  const auto below = [&](const Paths& paths, const std::string& name) {
    Paths inner;
    std::copy_if(paths.begin(), paths.end(), std::back_inserter(inner),
                 [&](const auto* path) { return path->size() > depth + 1 && (*path)[depth] == name; });
    return inner;
  };
  for (auto& [name, child] : tree.children) {
    const Paths inner_keys = below(keys, name);
    const Paths inner_excluded = below(excluded, name);
    for (const auto* path : inner_keys) {
      if (!child.selection.keys) child.selection.keys.emplace();
      add_once(*child.selection.keys, (*path)[depth + 1]);
    }
    for (const auto* path : inner_excluded)
      if (path->size() == depth + 2) add_once(child.selection.excluded, path->back());
    select_in_included(child, depth + 1, inner_keys, inner_excluded);
  }
}

FindOptions finish(Request request) {
  std::vector<const std::vector<std::string>*> keys;
  std::vector<const std::vector<std::string>*> excluded;
  for (const auto& path : request.keys) keys.push_back(&path);
  for (const auto& path : request.excluded) excluded.push_back(&path);
  select_in_included(request.options.include, 0, keys, excluded);
  return std::move(request.options);
}

}  // namespace

bool FieldSelection::shows(std::string_view field) const {
  const auto names = [&](const auto& list) { return std::find(std::begin(list), std::end(list), field) != std::end(list); };
  return names(kAlwaysShown) || ((!keys || names(*keys)) && !names(excluded));
}

FindOptions parse_find_options(const Json& parameters, bool allow_internal_fields, const ComplexityLimits& limits) {
  Request request;
  request.allow_internal_fields = allow_internal_fields;
  request.limits = limits;
  for (const auto& [name, value] : parameters.items()) {
    const Parameter* parameter = find_parameter(name);
    if (parameter == nullptr) refuse(error_code::kInvalidQuery, "Invalid parameter for query: ", name);
    if (!value.is_null()) parameter->read(request, name, value);
  }
  return finish(std::move(request));
}

FindOptions parse_get_options(const Json& parameters) {
  Request request;
  for (const auto& [name, value] : parameters.items()) {
    const Parameter* parameter = find_parameter(name);
    if (parameter == nullptr || !parameter->for_get) refuse(error_code::kInvalidQuery, "Improper encode of parameter");
    if (!value.is_null()) parameter->read(request, name, value);
  }
  return finish(std::move(request));
}

}  // namespace parsimony
