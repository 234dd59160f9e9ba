// Reads the fields of a row of _JobSchedule (schedule.h).
#include <array>
#include <cmath>
#include <string>

#include "services/jobs/schedule.h"
#include "services/objects/row_reader.h"
#include "types/date.h"

namespace parsimony {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kDayMinutes = 24 * 60;
constexpr std::int64_t kMostMinutes = 10 * 366 * kDayMinutes;
constexpr std::uint8_t kEveryDay = 0b111'1111;

std::int64_t date_of(const Json& row, const char* field) {
  const Json* value = find_member(row, field);
  const auto text = value ? decode_date(*value) : std::nullopt;
  return text ? parse_iso_date(*text).value_or(0) : 0;
}

std::int64_t read_start(const Json& row) {
  const std::string text = text_of_member(row, "startAfter");
  if (text.empty()) return date_of(row, "createdAt");
  const auto start = parse_iso_date(text);
  if (start && *start >= 0) return *start;
  throw ScheduleError("startAfter must be a date like 2030-01-31T09:00:00.000Z");
}

TimeZone read_zone(const Json& row) {
  const std::string name = text_of_member(row, "timeZone");
  if (name.empty()) return {};
  if (const auto zone = TimeZone::find(name)) return *zone;
  throw ScheduleError("timeZone \"" + name +
                      "\" is unknown on this machine: give an IANA name like Europe/Berlin; their list is the package tzdata");
}

std::optional<std::int64_t> read_repeat(const Json& row) {
  const Json* value = find_member(row, "repeatMinutes");
  if (!value || value->is_null() || *value == Json(0)) return std::nullopt;
  const double minutes_given = value->is_number() ? value->get<double>() : -1;
  if (minutes_given >= 1 && minutes_given <= kMostMinutes && minutes_given == std::floor(minutes_given)) {
    return static_cast<std::int64_t>(minutes_given);
  }
  throw ScheduleError("repeatMinutes must be a whole number from 1 to " + std::to_string(kMostMinutes));
}

// A flag or the number of a day.
std::optional<int> small_number(const Json& value) {
  const std::string text = value.is_string() ? value.get<std::string>() : value.is_number() ? to_json_text(value) : std::string();
  if (text.size() != 1 || text[0] < '0' || text[0] > '7') return std::nullopt;
  return text[0] - '0';
}

// Seven flags, Sunday's first, or numbers of days.
std::uint8_t read_weekdays(const Json& row) {
  const Json* list = find_member(row, "daysOfWeek");
  if (!list || list->is_null() || list->empty()) return kEveryDay;
  std::vector<int> numbers;
  for (const Json& value : *list) {
    const auto number = small_number(value);
    if (!number || list->size() > 7)
      throw ScheduleError("daysOfWeek must be seven flags, 0 or 1, Sunday's first, or numbers of days from 0 to 6");
    numbers.push_back(*number);
  }
  const bool are_flags = numbers.size() == 7 && std::all_of(numbers.begin(), numbers.end(), [](int n) { return n <= 1; });
  unsigned chosen = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (!are_flags || numbers[i] == 1) chosen |= 1u << (are_flags ? i : static_cast<std::size_t>(numbers[i] % 7));
  }
  return chosen == 0 ? kEveryDay : static_cast<std::uint8_t>(chosen);
}

[[noreturn]] void refuse_time_of_day() { throw ScheduleError("timeOfDay must be like 09:00:00.000Z (UTC) or 09:00 (in timeZone)"); }

// "HH:MM", "HH:MM:SS" or "HH:MM:SS.mmm".
std::chrono::milliseconds read_clock(std::string_view text) {
  constexpr std::string_view kForm = "00:00:00.000";
  if (text.size() != 5 && text.size() != 8 && text.size() != kForm.size()) refuse_time_of_day();
  std::array<int, 4> parts{};
  std::size_t part = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (is_digit != (kForm[i] == '0') || (!is_digit && text[i] != kForm[i])) refuse_time_of_day();
    if (!is_digit) ++part;
    if (is_digit) parts[part] = parts[part] * 10 + (text[i] - '0');
  }
  if (parts[0] > 23 || parts[1] > 59 || parts[2] > 59) refuse_time_of_day();
  return std::chrono::hours(parts[0]) + std::chrono::minutes(parts[1]) + std::chrono::seconds(parts[2]) +
         std::chrono::milliseconds(parts[3]);
}

RunDaily read_daily(const Json& row, std::string_view time_of_day) {
  const bool is_utc = time_of_day.ends_with('Z');
  if (is_utc) time_of_day.remove_suffix(1);
  const std::string zone = text_of_member(row, "timeZone");
  if (is_utc && !zone.empty() && zone != "UTC") {
    throw ScheduleError("timeOfDay ends with Z, which means UTC: leave out the Z where there is a timeZone");
  }
  return {read_clock(time_of_day), read_weekdays(row), std::nullopt, read_zone(row)};
}

Schedule read_with_time_of_day(const Json& row, std::int64_t start_ms, const std::string& time_of_day) {
  RunDaily daily = read_daily(row, time_of_day);
  const auto repeat = read_repeat(row);
  if (!repeat || *repeat == kDayMinutes) return {start_ms, daily};
  if (*repeat < kDayMinutes) {
    daily.repeat_ms = *repeat * kMinuteMs;
    return {start_ms, daily};
  }
  if (daily.weekdays != kEveryDay) throw ScheduleError("repeatMinutes of more than a day (1440) and chosen daysOfWeek do not go together");
  return {next_run({start_ms, daily}, start_ms - 1).value_or(start_ms), RunEvery{*repeat * kMinuteMs}};
}

Cron read_cron(const std::string& text) {
  try {
    return Cron(text);
  } catch (const CronError& error) {
    throw ScheduleError(error.what());
  }
}

}  // namespace

Schedule read_schedule(const Json& row) {
  const std::int64_t start_ms = read_start(row);
  if (const std::string cron = text_of_member(row, "cron"); !cron.empty()) return {start_ms, RunByCron{read_cron(cron), read_zone(row)}};
  if (const std::string time = text_of_member(row, "timeOfDay"); !time.empty()) return read_with_time_of_day(row, start_ms, time);
  if (read_weekdays(row) != kEveryDay) throw ScheduleError("daysOfWeek chooses days for a timeOfDay: give that, too");
  read_zone(row);
  if (const auto repeat = read_repeat(row)) return {start_ms, RunEvery{*repeat * kMinuteMs}};
  return {start_ms, RunOnce{}};
}

}  // namespace parsimony
