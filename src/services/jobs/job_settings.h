// What the options say of jobs and schedules.
#pragma once
#include <cstddef>
#include <cstdint>

namespace parsimony {

// What becomes of a run that was due while the server was down.
enum class MissedRuns {
  Once,  // one run at the start makes up for all of them
  Skip,  // the next one is the next by the schedule
};

struct JobSettings {
  std::size_t max_running = 20;       // jobs that run at the same time
  std::int64_t history_limit = 1000;  // rows of _JobStatus of jobs that have ended
  MissedRuns missed_runs = MissedRuns::Once;
  std::int64_t stop_grace_ms = 2000;  // what a stop leaves to jobs that are running
};

}  // namespace parsimony
