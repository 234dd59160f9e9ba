// Runs the jobs of _JobSchedule when they are due, on a thread of its own.
//
// The thread sleeps until the next schedule is due, or until it hears of a changed schedule (Store::watch), of a run that ended or of
// a clock that was set: it does not ask the database in between.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>

#include "services/jobs/job_service.h"

namespace parsimony {

class Scheduler {
 public:
  using Clock = std::function<std::int64_t()>;  // milliseconds since 1970; any thread

  // Begins at once. Borrows the store and the jobs.
  Scheduler(Store& store, const JobService& jobs, MissedRuns missed);
  Scheduler(Store& store, const JobService& jobs, MissedRuns missed, Clock clock);
  // Starts nothing more; jobs that run go on.
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  // The clock was set: looks again at what is due. Thread-safe.
  void wake();

 private:
  class Impl;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace parsimony
