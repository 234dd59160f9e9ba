#include "services/jobs/schedule_list.h"

#include <algorithm>
#include <utility>

#include "common/clock.h"
#include "common/error.h"
#include "common/log.h"
#include "services/objects/row_reader.h"

namespace parsimony {
namespace {

constexpr std::size_t kReadAtOnce = 500;
// When as many jobs run as may: how long until the next try.
constexpr std::int64_t kRetryMs = 1000;

// The row is not as it was when it fell due.
struct ScheduleHasChanged : std::exception {};

std::optional<ScheduledJob> good_job(const Json& row) {
  try {
    return read_scheduled_job(row);
  } catch (const ScheduleError& error) {
    log::warn("A schedule cannot be run", {{"schedule", text_of_member(row, "objectId")}, {"reason", error.what()}});
    return std::nullopt;
  }
}

void log_missed(const ScheduledJob& job, std::int64_t due_ms, MissedRuns missed) {
  log::info(missed == MissedRuns::Once ? "A run was missed and is made up for" : "A run was missed and is left out",
            {{"schedule", job.object_id}, {"job", job.job_name}, {"due", iso_date(due_ms)}});
}

}  // namespace

std::vector<Json> ScheduleList::rows_where(const Filter& where) const {
  std::vector<Json> rows;
  store_.read([&](Reads& reads) { rows = read_rows(reads, *reads.schema().find(kJobScheduleClass), where); });
  return rows;
}

void ScheduleList::read_all(std::int64_t now_ms, MissedRuns missed) {
  const std::vector<Json> rows = rows_where(Filter{});
  Entries before = std::exchange(entries_, {});
  for (const Json& row : rows) {
    auto job = good_job(row);
    if (!job) continue;
    Entry entry{std::move(*job), {}};
    const auto known = before.find(entry.job.object_id);
    if (known != before.end() && is_same(known->second.job, entry.job)) {
      entry.due_ms = known->second.due_ms;
    } else if (entry.due_ms = due_of(entry.job, now_ms); entry.due_ms && *entry.due_ms < now_ms) {
      log_missed(entry.job, *entry.due_ms, missed);
      if (missed == MissedRuns::Skip) entry.due_ms = next_run(entry.job.schedule, now_ms);
    }
    std::string object_id = entry.job.object_id;
    entries_.emplace(std::move(object_id), std::move(entry));
  }
}

void ScheduleList::read(const std::vector<std::string>& object_ids, std::int64_t now_ms) {
  for (std::size_t first = 0; first < object_ids.size(); first += kReadAtOnce) {
    const auto end = object_ids.begin() + static_cast<std::ptrdiff_t>(std::min(first + kReadAtOnce, object_ids.size()));
    read_some({object_ids.begin() + static_cast<std::ptrdiff_t>(first), end}, now_ms);
  }
}

void ScheduleList::read_some(const std::vector<std::string>& object_ids, std::int64_t now_ms) {
  Entries before;
  for (const std::string& object_id : object_ids) {
    if (auto known = entries_.extract(object_id)) before.insert(std::move(known));
  }
  for (const Json& row : rows_where(Filter{Constraint{FieldPath{"objectId", {}}, Comparison::In, object_ids, {}}})) {
    auto job = good_job(row);
    if (!job) continue;
    const auto known = before.find(job->object_id);
    const bool is_known = known != before.end() && is_same(known->second.job, *job);
    const auto due_ms = is_known ? known->second.due_ms : due_of(*job, now_ms);
    std::string object_id = job->object_id;
    entries_.emplace(std::move(object_id), Entry{std::move(*job), due_ms});
  }
}

void ScheduleList::ended(const std::string& object_id, std::int64_t ended_ms) {
  running_.erase(object_id);
  const auto found = entries_.find(object_id);
  if (found == entries_.end()) return;
  Entry& entry = found->second;
  if (!entry.due_ms || *entry.due_ms > ended_ms || awaits_first_run(entry.job)) return;
  log::info("A run was left out: the one before it was still going on", {{"schedule", object_id}, {"job", entry.job.job_name}});
  entry.due_ms = next_run(entry.job.schedule, ended_ms);
}

// The longest overdue first.
std::vector<ScheduleList::Entry*> ScheduleList::due_of_all(Entries& entries, const std::set<std::string>& running, std::int64_t now_ms) {
  std::vector<Entry*> due;
  for (auto& [object_id, entry] : entries) {
    if (entry.due_ms && *entry.due_ms <= now_ms && !running.contains(object_id)) due.push_back(&entry);
  }
  std::stable_sort(due.begin(), due.end(), [](const Entry* a, const Entry* b) { return *a->due_ms < *b->due_ms; });
  return due;
}

std::optional<std::int64_t> ScheduleList::next_due(std::int64_t now_ms) const {
  std::optional<std::int64_t> next;
  for (const auto& [object_id, entry] : entries_) {
    const bool awaits_end = entry.due_ms && *entry.due_ms <= now_ms && running_.contains(object_id);
    if (entry.due_ms && !awaits_end && (!next || *entry.due_ms < *next)) next = entry.due_ms;
  }
  return next;
}

std::optional<std::int64_t> ScheduleList::run_due(std::int64_t now_ms) {
  for (Entry* entry : due_of_all(entries_, running_, now_ms)) {
    if (!run(*entry, now_ms)) return now_ms + kRetryMs;
  }
  return next_due(now_ms);
}

bool ScheduleList::run(Entry& entry, std::int64_t now_ms) {
  try {
    start(entry, now_ms);
    entry.job.last_run_ms = now_ms;
    running_.insert(entry.job.object_id);
  } catch (const ScheduleHasChanged&) {
    entry.due_ms.reset();  // what it is now has been told, or will be in a moment
    return true;
  } catch (const Error& error) {
    if (error.code() == error_code::kRequestLimitExceeded) return false;
    log::warn("A scheduled job could not be started",
              {{"schedule", entry.job.object_id}, {"job", entry.job.job_name}, {"reason", error.message()}});
  }
  entry.due_ms = next_run(entry.job.schedule, now_ms);
  return true;
}

void ScheduleList::start(Entry& entry, std::int64_t now_ms) {
  const Caller scheduler{true};
  JobRequest request{entry.job.job_name, entry.job.params, "schedule", {}, {}};
  request.claim = [&entry, now_ms](Transaction& transaction) {
    if (!claim_run(transaction, entry.job, now_ms)) throw ScheduleHasChanged();
  };
  request.on_end = [on_end = on_end_, object_id = entry.job.object_id](std::int64_t ended_ms) { on_end(object_id, ended_ms); };
  jobs_.start(scheduler, std::move(request));
}

}  // namespace parsimony
