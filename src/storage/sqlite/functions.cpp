#include "storage/sqlite/functions.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/geo_constraints.h"
#include "query/value_matcher.h"
#include "storage/sqlite/text_matcher.h"
#include "types/collation.h"
#include "types/json.h"

namespace parsimony {
namespace {

thread_local std::exception_ptr function_error;

std::string_view text_of(sqlite3_value* value) {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return {bytes, static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

bool is_null(sqlite3_value* value) { return sqlite3_value_type(value) == SQLITE_NULL; }

// The parsed form of the argument at a position, made once a statement: SQLite keeps it beside the argument while that is constant.
template <typename Spec, typename... More>
std::shared_ptr<const Spec> spec_of(sqlite3_context* context, sqlite3_value** arguments, int position, More... more) {
  using Kept = std::shared_ptr<const Spec>;
  if (const auto* kept = static_cast<Kept*>(sqlite3_get_auxdata(context, position))) return *kept;
  auto made = std::make_shared<const Spec>(text_of(arguments[position]), more...);
  sqlite3_set_auxdata(context, position, new Kept(made), [](void* kept) { delete static_cast<Kept*>(kept); });
  return made;
}

struct MatcherSpec {
  explicit MatcherSpec(std::string_view text) {
    const Json spec = parse_json(text);
    way = spec.at("way").get<std::vector<std::string>>();
    comparison = static_cast<Comparison>(spec.at("comparison").get<int>());
    operand = spec.at("operand");
    if (comparison == Comparison::Regex) regex.emplace(operand.get<std::string>(), spec.at("options").get<std::string>());
  }

  std::vector<std::string> way;
  Comparison comparison;
  Json operand;
  std::optional<Regex> regex;
};

struct GeoSpec {
  explicit GeoSpec(std::string_view text) : GeoSpec(parse_json(text)) {}
  explicit GeoSpec(const Json& spec) : area(static_cast<Comparison>(spec.at("comparison").get<int>()), spec.at("operand")) {}

  GeoArea area;
};

struct TextSpec {
  TextSpec(std::string_view text, sqlite3* database) : matcher(database, parse_json(text).at("operand")) {}

  TextMatcher matcher;
};

struct PrincipalsSpec {
  explicit PrincipalsSpec(std::string_view text) : principals(parse_json(text).get<std::vector<std::string>>()) {
    std::sort(principals.begin(), principals.end());
  }

  std::vector<std::string> principals;
};

bool parse_matches(sqlite3_context* context, sqlite3_value** arguments) {
  const auto spec = spec_of<MatcherSpec>(context, arguments, 1);
  const Json value = is_null(arguments[0]) ? Json() : parse_json(text_of(arguments[0]));
  const Json* at = value_at(value, spec->way);
  return value_matches(at ? *at : Json(), spec->comparison, spec->operand, spec->regex ? &*spec->regex : nullptr);
}

bool parse_regex(sqlite3_context* context, sqlite3_value** arguments) {
  if (is_null(arguments[0])) return false;
  return spec_of<MatcherSpec>(context, arguments, 1)->regex.value().matches(text_of(arguments[0]));
}

bool parse_permits(sqlite3_context* context, sqlite3_value** arguments) {
  if (is_null(arguments[0])) return false;
  const auto spec = spec_of<PrincipalsSpec>(context, arguments, 1);
  const Json granted = parse_json(text_of(arguments[0]));
  return std::any_of(granted.begin(), granted.end(), [&](const Json& principal) {
    return std::binary_search(spec->principals.begin(), spec->principals.end(), principal.get_ref<const std::string&>());
  });
}

bool parse_text(sqlite3_context* context, sqlite3_value** arguments) {
  if (is_null(arguments[0])) return false;
  return spec_of<TextSpec>(context, arguments, 1, sqlite3_context_db_handle(context))->matcher.matches(text_of(arguments[0]));
}

void parse_text_score(sqlite3_context* context, sqlite3_value** arguments) {
  if (is_null(arguments[0])) return;
  const auto spec = spec_of<TextSpec>(context, arguments, 1, sqlite3_context_db_handle(context));
  sqlite3_result_double(context, spec->matcher.score(text_of(arguments[0])));
}

std::optional<GeoPoint> point_of(sqlite3_value** arguments) {
  if (is_null(arguments[0]) || is_null(arguments[1])) return std::nullopt;
  return GeoPoint{sqlite3_value_double(arguments[0]), sqlite3_value_double(arguments[1])};
}

bool parse_geo(sqlite3_context* context, sqlite3_value** arguments) {
  const auto point = point_of(arguments);
  return point && spec_of<GeoSpec>(context, arguments, 2)->area.contains(*point);
}

void parse_distance(sqlite3_context* context, sqlite3_value** arguments) {
  if (const auto point = point_of(arguments))
    sqlite3_result_double(context, spec_of<GeoSpec>(context, arguments, 2)->area.distance_from_center(*point));
}

void parse_keys(sqlite3_context* context, sqlite3_value** arguments) {
  if (is_null(arguments[0])) return;
  const Json value = parse_json(text_of(arguments[0]));
  if (value.is_null()) return;
  const bool flatten = sqlite3_value_int(arguments[1]) != 0 && value.is_array();
  Json keys = Json::array();
  if (!flatten) keys.push_back(equality_key(value));
  if (value.is_array()) {
    for (const Json& element : value) keys.push_back(equality_key(element));
  }
  const std::string text = to_json_text(keys);
  sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

// What a function throws is kept for rethrow_function_error().
template <void (*function)(sqlite3_context*, sqlite3_value**)>
void call(sqlite3_context* context, int, sqlite3_value** arguments) noexcept {
  try {
    function(context, arguments);
  } catch (...) {
    fail_function(context);
  }
}

template <bool (*test)(sqlite3_context*, sqlite3_value**)>
void answer(sqlite3_context* context, sqlite3_value** arguments) {
  sqlite3_result_int(context, test(context, arguments) ? 1 : 0);
}

// The two sides of one comparison, folded; the engine has no way to keep the folded form of the constant side.
template <Collation collation>
int compare_folded(void*, int left_size, const void* left, int right_size, const void* right) noexcept {
  const auto folded = [](const void* text, int size) {
    return fold({static_cast<const char*>(text), static_cast<std::size_t>(size)}, collation);
  };
  return folded(left, left_size).compare(folded(right, right_size));
}

template <Collation collation>
void add_collation(sqlite3* database, const char* name) {
  if (sqlite3_create_collation_v2(database, name, SQLITE_UTF8, nullptr, &compare_folded<collation>, nullptr) != SQLITE_OK) {
    throw std::runtime_error(std::string("cannot add the collation ") + name);
  }
}

void add(sqlite3* database, const char* name, int arguments, void (*function)(sqlite3_context*, int, sqlite3_value**)) {
  constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
  if (sqlite3_create_function_v2(database, name, arguments, kFlags, nullptr, function, nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw std::runtime_error(std::string("cannot add the function ") + name);
  }
}

}  // namespace

void register_functions(sqlite3* database) {
  add(database, "parse_matches", 2, &call<answer<parse_matches>>);
  add(database, "parse_regex", 2, &call<answer<parse_regex>>);
  add(database, "parse_permits", 2, &call<answer<parse_permits>>);
  add(database, "parse_text", 2, &call<answer<parse_text>>);
  add(database, "parse_text_score", 2, &call<parse_text_score>);
  add(database, "parse_keys", 2, &call<parse_keys>);
  add(database, "parse_geo", 3, &call<answer<parse_geo>>);
  add(database, "parse_distance", 3, &call<parse_distance>);
  add_collation<Collation::IgnoreCase>(database, "parse_ignore_case");
  add_collation<Collation::IgnoreCaseAndAccents>(database, "parse_ignore_case_and_accents");
}

void fail_function(sqlite3_context* context) noexcept {
  function_error = std::current_exception();
  sqlite3_result_error(context, "a function of the product failed", -1);
}

void rethrow_function_error() {
  if (auto error = std::exchange(function_error, nullptr)) std::rethrow_exception(error);
}

}  // namespace parsimony
