#include "services/jobs/schedule.h"

#include <algorithm>

namespace parsimony {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::minutes;

constexpr std::int64_t kDayMs = 86'400'000;

std::int64_t ms_of(std::chrono::milliseconds time) { return time.count(); }

std::optional<std::int64_t> next(const RunOnce&, std::int64_t start_ms, std::int64_t after_ms) {
  return after_ms < start_ms ? std::optional(start_ms) : std::nullopt;
}

std::optional<std::int64_t> next(const RunEvery& rule, std::int64_t start_ms, std::int64_t after_ms) {
  if (after_ms < start_ms) return start_ms;
  return start_ms + ((after_ms - start_ms) / rule.period_ms + 1) * rule.period_ms;
}

// The first run behind `after_ms` on a day that begins with local midnight.
std::optional<std::int64_t> next_in_day(const RunDaily& rule, std::chrono::local_days day, std::int64_t after_ms) {
  const std::int64_t first = rule.zone.moment(LocalTime(day) + rule.time_of_day);
  if (first > after_ms) return first;
  if (!rule.repeat_ms) return std::nullopt;
  const std::int64_t again = first + ((after_ms - first) / *rule.repeat_ms + 1) * *rule.repeat_ms;
  return again < rule.zone.moment(LocalTime(day + days(1))) ? std::optional(again) : std::nullopt;
}

std::optional<std::int64_t> next(const RunDaily& rule, std::int64_t start_ms, std::int64_t after_ms) {
  const std::int64_t behind = std::max(after_ms, start_ms - 1);
  // A day before the one that clocks show: where they are put back around midnight, that one may not be over yet.
  auto day = floor<days>(rule.zone.local(behind)) - days(1);
  // A week holds a chosen day, and a day whose time clocks jump over holds a run that is not behind `after_ms` only once.
  for (int tried = 0; tried < 3 * 7; ++tried, day += days(1)) {
    if ((rule.weekdays >> std::chrono::weekday(day).c_encoding() & 1) == 0) continue;
    if (const auto found = next_in_day(rule, day, behind)) return found;
  }
  return std::nullopt;
}

// Times that a clock shows.
std::int64_t next_by_clock(const RunByCron& rule, std::int64_t behind_ms) {
  LocalMinute minute = floor<minutes>(rule.zone.local(behind_ms));
  while (true) {
    minute = rule.cron.first_from(minute);
    const std::int64_t found = rule.zone.moment(LocalTime(minute));
    if (found > behind_ms) return found;
    minute += minutes(1);
  }
}

// Minutes that pass: from one change of the clocks to the next, local time is as even as any.
std::int64_t next_by_minutes(const RunByCron& rule, std::int64_t behind_ms) {
  std::int64_t from_ms = behind_ms + 1;
  while (true) {
    const LocalTime from = rule.zone.local(from_ms);
    const LocalMinute found = rule.cron.first_from(std::chrono::ceil<minutes>(from));
    const std::int64_t found_ms = from_ms + ms_of(LocalTime(found) - from);
    const auto change = rule.zone.next_change(from_ms);
    if (!change || found_ms < *change) return found_ms;
    from_ms = *change;
  }
}

std::optional<std::int64_t> next(const RunByCron& rule, std::int64_t start_ms, std::int64_t after_ms) {
  const std::int64_t behind = std::max(after_ms, start_ms - 1);
  return rule.cron.runs_every_hour() ? next_by_minutes(rule, behind) : next_by_clock(rule, behind);
}

}  // namespace

std::optional<std::int64_t> next_run(const Schedule& schedule, std::int64_t after_ms) {
  return std::visit([&](const auto& rule) { return next(rule, schedule.start_ms, after_ms); }, schedule.rule);
}

}  // namespace parsimony
