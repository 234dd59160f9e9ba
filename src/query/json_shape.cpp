#include "query/json_shape.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "types/date.h"

namespace parsimony {
namespace {

Json* member_of(Json& value, const std::string& name) {
  auto* members = value.get_ptr<Json::object_t*>();
  if (members == nullptr) return nullptr;
  for (auto& [key, member] : *members)
    if (key == name) return &member;
  return nullptr;
}

void append_number_order(std::string& out, double number) {
  constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
  std::uint64_t bits = std::bit_cast<std::uint64_t>(number == 0 ? 0.0 : number);
  bits = (bits & kSign) != 0 ? ~bits : bits | kSign;
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(bits >> shift);
}

// Ends with a byte lower than any that follows in a longer text.
void append_text_order(std::string& out, const std::string& text) {
  for (const char c : text) {
    out += c;
    if (c == '\0') out += '\xff';
  }
  out.append(2, '\0');
}

void append_order(std::string& out, const Json& value) {
  if (value.is_null()) {
    out += '\x01';
  } else if (value.is_number()) {
    out += '\x02';
    append_number_order(out, value.get<double>());
  } else if (value.is_string()) {
    out += '\x03';
    append_text_order(out, value.get_ref<const std::string&>());
  } else if (value.is_boolean()) {
    out += '\x08';
    out += value.get<bool>() ? '\x01' : '\0';
  } else if (const auto iso = value.is_object() ? decode_date(value) : std::nullopt) {
    out += '\x09';
    append_text_order(out, *iso);
  } else if (value.is_array()) {
    out += '\x05';
    for (const Json& element : value) append_order(out, element);
    out += '\0';
  } else {
    out += '\x04';
    for (const auto& [name, member] : value.get_ref<const Json::object_t&>()) {
      append_text_order(out, name);
      append_order(out, member);
    }
    out += '\0';
  }
}

using Days = std::chrono::sys_days;
constexpr std::int64_t kDayMs = 86'400'000;

struct Moment {
  Days day;
  std::chrono::year_month_day date;
  int ms_of_day;
};

Moment moment_of(std::int64_t time_ms) {
  const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(time_ms)};
  const Days day = std::chrono::floor<std::chrono::days>(time);
  return {day, day, static_cast<int>((time - day).count() % kDayMs)};
}

int year_of(const Moment& at) { return static_cast<int>(at.date.year()); }
int day_of_year(const Moment& at) { return static_cast<int>((at.day - Days(at.date.year() / 1 / 1)).count()) + 1; }
int iso_weekday(const Moment& at) { return static_cast<int>(std::chrono::weekday(at.day).iso_encoding()); }
int week_from_sunday(const Moment& at) {
  const int weekday = static_cast<int>(std::chrono::weekday(at.day).c_encoding());
  return (day_of_year(at) - 1 + 7 - weekday) / 7;
}

// The week belongs to the year of its Thursday.
Moment thursday_of(const Moment& at) {
  const Days thursday = at.day + std::chrono::days(4 - iso_weekday(at));
  return {thursday, thursday, 0};
}

struct PartRow {
  std::string_view name;
  int (*of)(const Moment& at);
};
constexpr PartRow kParts[] = {
    {"year", year_of},
    {"month", [](const Moment& at) { return static_cast<int>(static_cast<unsigned>(at.date.month())); }},
    {"dayOfMonth", [](const Moment& at) { return static_cast<int>(static_cast<unsigned>(at.date.day())); }},
    {"dayOfWeek", [](const Moment& at) { return static_cast<int>(std::chrono::weekday(at.day).c_encoding()) + 1; }},
    {"dayOfYear", day_of_year},
    {"hour", [](const Moment& at) { return at.ms_of_day / 3'600'000; }},
    {"minute", [](const Moment& at) { return at.ms_of_day / 60'000 % 60; }},
    {"second", [](const Moment& at) { return at.ms_of_day / 1000 % 60; }},
    {"millisecond", [](const Moment& at) { return at.ms_of_day % 1000; }},
    {"week", week_from_sunday},
    {"isoWeek", [](const Moment& at) { return (day_of_year(thursday_of(at)) - 1) / 7 + 1; }},
    {"isoWeekYear", [](const Moment& at) { return year_of(thursday_of(at)); }},
    {"isoDayOfWeek", iso_weekday},
};

struct FormatRow {
  char letter;
  std::string_view part;
  int width;
};
constexpr FormatRow kFormats[] = {
    {'Y', "year", 4},        {'m', "month", 2},       {'d', "dayOfMonth", 2}, {'H', "hour", 2},         {'M', "minute", 2},
    {'S', "second", 2},      {'L', "millisecond", 3}, {'j', "dayOfYear", 3},  {'u', "isoDayOfWeek", 1}, {'w', "dayOfWeek", 1},
    {'G', "isoWeekYear", 4}, {'V', "isoWeek", 2},     {'U', "week", 2},
};

std::string padded(int number, int width) {
  std::string digits = std::to_string(number);
  const auto wanted = static_cast<std::size_t>(width);
  return digits.size() < wanted ? std::string(wanted - digits.size(), '0') + digits : digits;
}

// To the even neighbour where it stands in the middle, as MongoDB rounds.
double rounded(double number, double places, double (*round)(double)) {
  const double scale = std::pow(10.0, std::clamp(places, -20.0, 20.0));
  const double scaled = number * scale;
  return std::isfinite(scaled) ? round(scaled) / scale : number;
}

double whole_of(double number) { return std::nearbyint(number); }
double cut(double number) { return std::trunc(number); }

}  // namespace

Json values_at(const Json& value, const JsonWay& way, std::size_t from) {
  if (from == way.size()) return value;
  if (value.is_array()) {
    Json list = Json::array();
    for (const Json& element : value) {
      if (!element.is_object()) continue;
      Json found = values_at(element, way, from);
      if (!found.is_null()) list.push_back(std::move(found));
    }
    return list;
  }
  const Json* member = find_member(value, way[from]);
  return member == nullptr ? Json() : values_at(*member, way, from + 1);
}

void place_at(Json& value, const JsonWay& way, const Json& placed) {
  Json* at = &value;
  for (const std::string& name : way) {
    if (!at->is_object()) *at = Json::object();
    Json* member = member_of(*at, name);
    at = member != nullptr ? member : &(*at)[name];
  }
  *at = placed;
}

Json picked(const Json& value, const std::vector<JsonWay>& ways) {
  if (value.is_array()) {
    Json list = Json::array();
    for (const Json& element : value) {
      if (element.is_object() || element.is_array()) list.push_back(picked(element, ways));
    }
    return list;
  }
  if (!value.is_object()) return nullptr;
  Json kept = Json::object();
  for (const auto& [name, member] : value.get_ref<const Json::object_t&>()) {
    std::vector<JsonWay> inner;
    bool is_whole = false;
    for (const JsonWay& way : ways) {
      if (way.empty() || way.front() != name) continue;
      is_whole = is_whole || way.size() == 1;
      inner.emplace_back(way.begin() + 1, way.end());
    }
    if (is_whole) {
      kept[name] = member;
    } else if (!inner.empty()) {
      if (Json part = picked(member, inner); !part.is_null()) kept[name] = std::move(part);
    }
  }
  return kept;
}

void drop_at(Json& value, const JsonWay& way, std::size_t from) {
  if (from == way.size()) return;
  if (value.is_array()) {
    for (Json& element : value) drop_at(element, way, from);
  } else if (Json* member = member_of(value, way[from])) {
    if (from + 1 == way.size())
      value.erase(way[from]);
    else
      drop_at(*member, way, from + 1);
  }
}

std::string order_key(const Json& value) {
  std::string key;
  append_order(key, value);
  return key;
}

bool is_truth(const Json& value) {
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number()) return value.get<double>() != 0;
  return !value.is_null();
}

bool values_meet(const Json& a, const Json& b) {
  if (json_equal(a, b)) return true;
  const auto has = [](const Json& list, const Json& value) {
    return list.is_array() && std::any_of(list.begin(), list.end(), [&](const Json& element) { return json_equal(element, value); });
  };
  if (has(a, b) || has(b, a)) return true;
  return a.is_array() && b.is_array() && std::any_of(a.begin(), a.end(), [&](const Json& element) { return has(b, element); });
}

std::optional<int> date_part(std::string_view part, std::int64_t time_ms) {
  for (const PartRow& row : kParts)
    if (row.name == part) return row.of(moment_of(time_ms));
  return std::nullopt;
}

std::string formatted_date(std::string_view format, std::int64_t time_ms) {
  std::string out;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 == format.size()) {
      out += format[i];
      continue;
    }
    const char letter = format[++i];
    const auto row = std::find_if(std::begin(kFormats), std::end(kFormats), [&](const FormatRow& known) { return known.letter == letter; });
    if (row != std::end(kFormats))
      out += padded(*date_part(row->part, time_ms), row->width);
    else if (letter == '%')
      out += '%';
    else
      out.append(1, '%').append(1, letter);
  }
  return out;
}

std::optional<double> calculated(std::string_view function, double a, double b) {
  double result = std::nan("");
  if (function == "mod") result = std::fmod(a, b);
  if (function == "pow") result = std::pow(a, b);
  if (function == "abs") result = std::fabs(a);
  if (function == "ceil") result = std::ceil(a);
  if (function == "floor") result = std::floor(a);
  if (function == "sqrt") result = std::sqrt(a);
  if (function == "round") result = rounded(a, b, whole_of);
  if (function == "trunc") result = rounded(a, b, cut);
  return std::isfinite(result) ? std::optional(result) : std::nullopt;
}

}  // namespace parsimony
