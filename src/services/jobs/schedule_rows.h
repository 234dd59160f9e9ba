// Schedules as rows of _JobSchedule.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "services/jobs/schedule.h"
#include "storage/store.h"

namespace parsimony {

inline constexpr const char* kJobScheduleClass = "_JobSchedule";

struct ScheduledJob {
  std::string object_id;
  std::string job_name;
  Json params = Json::object();
  Schedule schedule;
  std::optional<std::int64_t> last_run_ms;  // the field lastRun, which is in seconds
  std::int64_t changed_ms = 0;              // updatedAt: runs that were due before it are none
  std::string text;                         // all of the row but lastRun: two changes within a millisecond have one updatedAt
};

// Throws ScheduleError.
ScheduledJob read_scheduled_job(const Json& row);

// Whether both are of the row in the same state.
bool is_same(const ScheduledJob& a, const ScheduledJob& b);

// When it runs next, which may be in the past. Until it has run once at its start, a schedule that begins with startAfter is due then.
std::optional<std::int64_t> due_of(const ScheduledJob& job, std::int64_t now_ms);
bool awaits_first_run(const ScheduledJob& job);

// Throws 142 when the row, as the transaction has left it, says no time or no job.
void require_good_schedule(Transaction& transaction, const std::string& object_id);

// Writes down that it runs now. False, and nothing is written, when the row is not as `job` has it.
bool claim_run(Transaction& transaction, const ScheduledJob& job, std::int64_t now_ms);

}  // namespace parsimony
