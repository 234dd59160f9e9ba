// When a schedule runs its job: what the fields of a row of _JobSchedule mean (server-behaviour.md, section 18; cron and timeZone are
// ours).
//
//   cron               at the times of the text, in timeZone
//   timeOfDay          at that time on the days of daysOfWeek (none chosen: every day); with repeatMinutes of less than a day again and
//                      again from then on until the day ends, with more of them every so often from the first such time on
//   repeatMinutes      at startAfter and every so often from then on
//   none of these      once, at startAfter
//
// The first that is there counts. Nothing runs before startAfter. timeOfDay "09:00:00.000Z" is UTC, as Parse's dashboard writes it;
// without the Z it is in timeZone.
//
// Where clocks are put forward, a time that they jump over counts as the moment of the jump; where they are put back, a time that they
// show twice counts the first time only. Cron text whose hours are all ("*/15 * * * *") means minutes that pass: it runs neither more nor
// less in such a night.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <variant>

#include "services/jobs/cron.h"
#include "services/jobs/time_zone.h"
#include "types/json.h"

namespace parsimony {

// A row that says no time; what() says why, for whoever wrote it.
struct ScheduleError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct RunOnce {};
struct RunEvery {
  std::int64_t period_ms;
};
struct RunDaily {
  std::chrono::milliseconds time_of_day;
  std::uint8_t weekdays;                  // bit 0 is Sunday; never 0
  std::optional<std::int64_t> repeat_ms;  // within the day
  TimeZone zone;
};
struct RunByCron {
  Cron cron;
  TimeZone zone;
};

struct Schedule {
  std::int64_t start_ms = 0;  // of RunOnce and RunEvery the first run, of the others the earliest moment
  std::variant<RunOnce, RunEvery, RunDaily, RunByCron> rule;

  // Whether the first run is at start_ms itself.
  bool runs_at_start() const { return std::holds_alternative<RunOnce>(rule) || std::holds_alternative<RunEvery>(rule); }
};

// From a row in Parse's JSON encoding. Throws ScheduleError.
Schedule read_schedule(const Json& row);

// The first run behind `after_ms`; nothing when there is none any more.
std::optional<std::int64_t> next_run(const Schedule& schedule, std::int64_t after_ms);

}  // namespace parsimony
