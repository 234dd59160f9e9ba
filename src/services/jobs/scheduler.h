// Runs the jobs of _JobSchedule when they are due, on a thread of its own.
//
// The thread sleeps until the next schedule is due, or until it hears of a changed schedule (Store::watch), of a run that ended or of
// a clock that was set: it does not ask the database in between.
#pragma once
#include <memory>

#include "services/jobs/job_service.h"

namespace parsimony {

class Scheduler {
 public:
  // Begins at once. Borrows the store and the jobs.
  Scheduler(Store& store, const JobService& jobs, MissedRuns missed);
  // Starts nothing more; jobs that run go on.
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

 private:
  class Impl;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace parsimony
