// All schedules of the database and when each is due: what the scheduler does, without its thread.
//
// Of one schedule there is never a second run while one lasts: what is due meanwhile is left out. A run is claimed in the transaction
// that writes it down, against the row as it is known here, so that neither a change at the last moment nor a second list runs it twice.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "services/jobs/job_service.h"
#include "services/jobs/schedule_rows.h"

namespace parsimony {

// One thread at a time; borrows the store and the jobs.
class ScheduleList {
 public:
  // Called with the id of a schedule when its run has ended, and with the time of that, on any thread, perhaps when this list is no more;
  // must lead to ended().
  using OnEnd = std::function<void(const std::string& object_id, std::int64_t ended_ms)>;

  ScheduleList(Store& store, const JobService& jobs, OnEnd on_end) : store_(store), jobs_(jobs), on_end_(std::move(on_end)) {}

  // Everything anew. A run that was due before `now_ms` by what is not known here yet has been missed.
  void read_all(std::int64_t now_ms, MissedRuns missed);
  // What has become of these.
  void read(const std::vector<std::string>& object_ids, std::int64_t now_ms);
  // What fell due until then is left out.
  void ended(const std::string& object_id, std::int64_t ended_ms);

  // Starts what is due. Returns when to do so next, nothing when no schedule has a time any more.
  std::optional<std::int64_t> run_due(std::int64_t now_ms);

 private:
  struct Entry {
    ScheduledJob job;
    std::optional<std::int64_t> due_ms;
  };
  using Entries = std::map<std::string, Entry>;  // by object id

  std::vector<Json> rows_where(const Filter& where) const;
  void read_some(const std::vector<std::string>& object_ids, std::int64_t now_ms);
  static std::vector<Entry*> due_of_all(Entries& entries, const std::set<std::string>& running, std::int64_t now_ms);
  std::optional<std::int64_t> next_due(std::int64_t now_ms) const;
  // False when no more jobs may run.
  bool run(Entry& entry, std::int64_t now_ms);
  void start(Entry& entry, std::int64_t now_ms);

  Store& store_;
  const JobService& jobs_;
  const OnEnd on_end_;
  Entries entries_;
  std::set<std::string> running_;  // schedules with a run that has not ended
};

}  // namespace parsimony
