#include "services/jobs/cron.h"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

namespace parsimony {
namespace {

constexpr std::size_t kLongestText = 256;

constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

// One of the five fields: its range, and names for its first values.
struct FieldKind {
  const char* name;
  int first;
  int last;
  std::span<const std::string_view> names = {};
};
constexpr FieldKind kMinute{"minute", 0, 59};
constexpr FieldKind kHour{"hour", 0, 23};
constexpr FieldKind kDay{"day of the month", 1, 31};
constexpr FieldKind kMonth{"month", 1, 12, kMonths};
constexpr FieldKind kWeekday{"day of the week", 0, 7, kWeekdays};

struct Macro {
  std::string_view name;
  std::string_view text;
};
constexpr Macro kMacros[] = {{"@hourly", "0 * * * *"},  {"@daily", "0 0 * * *"},  {"@midnight", "0 0 * * *"}, {"@weekly", "0 0 * * 0"},
                             {"@monthly", "0 0 1 * *"}, {"@yearly", "0 0 1 1 *"}, {"@annually", "0 0 1 1 *"}};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) { return lower(c); });
  return result;
}

std::vector<std::string_view> split(std::string_view text, std::string_view separators, bool keep_empty) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find_first_of(separators);
    const std::string_view part = text.substr(0, end);
    if (keep_empty || !part.empty()) parts.push_back(part);
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

[[noreturn]] void refuse(const FieldKind& kind, std::string_view text) {
  const std::string range = std::to_string(kind.first) + " to " + std::to_string(kind.last);
  throw CronError("\"" + std::string(text) + "\" is no " + kind.name + " of cron text: give " + range +
                  (kind.names.empty() ? "" : " or names like " + std::string(kind.names[1])) +
                  ", ranges (1-5), steps (*/10), lists (1,3) or *");
}

std::optional<int> read_number(std::string_view text) {
  if (text.empty() || text.size() > 4) return std::nullopt;
  int number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

int read_value(const FieldKind& kind, std::string_view text, std::string_view whole) {
  const auto named = std::find(kind.names.begin(), kind.names.end(), lower(text));
  if (named != kind.names.end()) return kind.first + static_cast<int>(named - kind.names.begin());
  const auto number = read_number(text);
  if (!number || *number < kind.first || *number > kind.last) refuse(kind, whole);
  return *number;
}

template <std::size_t size>
void add_range(std::bitset<size>& set, const FieldKind& kind, std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view range = text.substr(0, slash);
  const std::size_t dash = range.find('-');
  int first = kind.first;
  int last = kind.last;
  if (range != "*") {
    first = read_value(kind, range.substr(0, dash), text);
    if (dash != std::string_view::npos) last = read_value(kind, range.substr(dash + 1), text);
    if (dash == std::string_view::npos && slash == std::string_view::npos) last = first;
  }
  const auto step = slash == std::string_view::npos ? std::optional(1) : read_number(text.substr(slash + 1));
  if (!step || *step < 1 || first > last) refuse(kind, text);
  for (int value = first; value <= last; value += *step) set.set(static_cast<std::size_t>(value));
}

template <std::size_t size>
void read_field(std::bitset<size>& set, const FieldKind& kind, std::string_view text) {
  for (const std::string_view part : split(text, ",", true)) add_range(set, kind, part);
}

std::string_view expanded(std::string_view text) {
  const std::string name = lower(text);
  for (const Macro& macro : kMacros) {
    if (macro.name == name) return macro.text;
  }
  throw CronError("\"" + std::string(text) +
                  "\" is no cron text: the names are @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually");
}

}  // namespace

Cron::Cron(std::string_view text) {
  if (text.size() > kLongestText) throw CronError("cron text has at most " + std::to_string(kLongestText) + " characters");
  std::vector<std::string_view> fields = split(text, " \t", false);
  if (fields.size() == 1 && fields[0].front() == '@') fields = split(expanded(fields[0]), " ", false);
  if (fields.size() != 5) {
    throw CronError("\"" + std::string(text) +
                    "\" is no cron text: it has five fields, minute hour day-of-month month day-of-week, for example \"0 9 * * 1-5\"");
  }
  read_field(minutes_, kMinute, fields[0]);
  read_field(hours_, kHour, fields[1]);
  read_field(days_, kDay, fields[2]);
  read_field(months_, kMonth, fields[3]);
  read_field(weekdays_, kWeekday, fields[4]);
  if (weekdays_[7]) weekdays_.set(0);
  any_day_ = fields[2].front() == '*';
  any_weekday_ = fields[4].front() == '*';
  require_days_that_come();
}

void Cron::require_days_that_come() const {
  if (!any_weekday_ && !any_day_) return;
  constexpr std::array<std::size_t, 13> kLongest = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  for (std::size_t month = 1; month <= 12; ++month) {
    for (std::size_t day = 1; months_[month] && day <= kLongest[month]; ++day) {
      if (days_[day]) return;
    }
  }
  throw CronError("this cron text names days that never come");
}

bool Cron::matches_day(std::chrono::year_month_day date, std::chrono::weekday weekday) const {
  if (!months_[static_cast<unsigned>(date.month())]) return false;
  const bool by_date = days_[static_cast<unsigned>(date.day())];
  const bool by_weekday = weekdays_[weekday.c_encoding()];
  return any_day_ || any_weekday_ ? by_date && by_weekday : by_date || by_weekday;
}

std::optional<std::chrono::minutes> Cron::first_in_day(std::chrono::minutes from) const {
  for (auto hour = static_cast<std::size_t>(from.count() / 60); hour < 24; ++hour) {
    if (!hours_[hour]) continue;
    const bool is_first = static_cast<std::int64_t>(hour) == from.count() / 60;
    for (std::size_t minute = is_first ? static_cast<std::size_t>(from.count() % 60) : 0; minute < 60; ++minute) {
      if (minutes_[minute]) return std::chrono::minutes(hour * 60 + minute);
    }
  }
  return std::nullopt;
}

LocalMinute Cron::first_from(LocalMinute from) const {
  auto day = std::chrono::floor<std::chrono::days>(from);
  auto minute = from - day;
  while (true) {
    if (matches_day(std::chrono::year_month_day(day), std::chrono::weekday(day))) {
      if (const auto found = first_in_day(minute)) return day + *found;
    }
    day += std::chrono::days(1);
    minute = std::chrono::minutes(0);
  }
}

}  // namespace parsimony
