#include "query/value_matcher.h"

#include <algorithm>
#include <charconv>
#include <compare>
#include <optional>

#include "query/geo_constraints.h"
#include "types/date.h"

namespace parsimony {
namespace {

bool is_typed(const Json& value, std::string_view type) {
  const std::string* named = find_string(value, "__type");
  return named && *named == type;
}

// Exact also where a double cannot hold the integer.
std::partial_ordering compare(std::int64_t whole, double real) {
  constexpr double kLimit = 9223372036854775808.0;  // 2^63
  if (real >= kLimit) return std::partial_ordering::less;
  if (real < -kLimit) return std::partial_ordering::greater;
  const auto cut = static_cast<std::int64_t>(real);
  return whole == cut ? 0.0 <=> real - static_cast<double>(cut) : std::partial_ordering(whole <=> cut);
}

std::partial_ordering compare_numbers(const Json& a, const Json& b) {
  if (a.is_number_integer() && b.is_number_integer()) return a.get<std::int64_t>() <=> b.get<std::int64_t>();
  if (a.is_number_integer()) return compare(a.get<std::int64_t>(), b.get<double>());
  if (b.is_number_integer()) {
    const auto other_way = compare(b.get<std::int64_t>(), a.get<double>());
    return other_way < 0 ? std::partial_ordering::greater : other_way > 0 ? std::partial_ordering::less : other_way;
  }
  return a.get<double>() <=> b.get<double>();
}

// How two values of one ordered type compare; nothing when they are of different types or of one without an order.
std::optional<std::partial_ordering> compare(const Json& a, const Json& b) {
  if (a.is_number() && b.is_number()) return compare_numbers(a, b);
  if (a.is_string() && b.is_string()) return a.get_ref<const std::string&>().compare(b.get_ref<const std::string&>()) <=> 0;
  if (a.is_boolean() && b.is_boolean()) return a.get<bool>() <=> b.get<bool>();
  if (is_typed(a, "Date") && is_typed(b, "Date")) {
    const auto left = decode_date(a), right = decode_date(b);
    if (left && right) return left->compare(*right) <=> 0;
  }
  return std::nullopt;
}

bool in_order(const Json& value, Comparison comparison, const Json& operand) {
  const auto order = compare(value, operand);
  if (!order) return false;
  switch (comparison) {
    case Comparison::Less: return *order < 0;
    case Comparison::LessOrEqual: return *order <= 0;
    case Comparison::Greater: return *order > 0;
    default: return *order >= 0;
  }
}

// Runs `test` on the value itself and, for an array, on each element.
template <typename Test>
bool any_of_value(const Json& value, const Test& test) {
  if (test(value)) return true;
  return value.is_array() && std::any_of(value.begin(), value.end(), test);
}

bool equals_value(const Json& value, const Json& operand) {
  if (operand.is_null()) return value.is_null();
  return any_of_value(value, [&](const Json& v) { return json_equal(v, operand); });
}

bool is_in(const Json& value, const Json& list) {
  return std::any_of(list.begin(), list.end(), [&](const Json& operand) { return equals_value(value, operand); });
}

bool is_contained(const Json& value, const Json& list) {
  return value.is_array() && std::all_of(value.begin(), value.end(), [&](const Json& element) {
           return std::any_of(list.begin(), list.end(), [&](const Json& operand) { return json_equal(element, operand); });
         });
}

bool is_in_area(const Json& value, const GeoArea& area) {
  if (const auto point = decode_geo_point(value)) return area.contains(*point);
  const auto polygon = decode_polygon(value);
  return polygon && area.meets(*polygon);
}

const Json* step_into(const Json& value, const std::string& name) {
  if (!value.is_array()) return find_member(value, name);
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
  const bool is_index = error == std::errc() && end == name.data() + name.size() && index < value.size();
  return is_index ? &value[index] : nullptr;
}

}  // namespace

bool value_matches(const Json& value, Comparison comparison, const Json& operand, const Regex* regex) {
  switch (comparison) {
    case Comparison::Equal: return equals_value(value, operand);
    case Comparison::NotEqual: return !equals_value(value, operand);
    case Comparison::In: return is_in(value, operand);
    case Comparison::NotIn: return !is_in(value, operand);
    case Comparison::Exists: return value.is_null() != operand.get<bool>();
    case Comparison::ContainedBy: return is_contained(value, operand);
    case Comparison::Text: return false;  // words are the engine's to know; it asks for whole String fields only
    case Comparison::Near:
    case Comparison::WithinSphere:
    case Comparison::WithinBox:
    case Comparison::WithinPolygon:
    case Comparison::Intersects: {
      const GeoArea area(comparison, operand);
      return any_of_value(value, [&](const Json& v) { return is_in_area(v, area); });
    }
    case Comparison::Regex:
      return any_of_value(value, [&](const Json& v) { return v.is_string() && regex->matches(v.get_ref<const std::string&>()); });
    default: return any_of_value(value, [&](const Json& v) { return in_order(v, comparison, operand); });
  }
}

const Json* value_at(const Json& value, const std::vector<std::string>& way) {
  const Json* at = &value;
  for (const std::string& name : way) {
    at = step_into(*at, name);
    if (!at) return nullptr;
  }
  return at;
}

}  // namespace parsimony
