#include "storage/sqlite/writer.h"

#include <algorithm>
#include <iterator>

#include "common/log.h"
#include "common/worker_pool.h"
#include "storage/sqlite/transaction.h"

namespace parsimony {
namespace {

// A group grows while closures arrive, up to here, so that the first of it does not wait for ever.
constexpr std::size_t kMaxGroup = 512;
constexpr auto kMaxGroupTime = std::chrono::milliseconds(20);

}  // namespace

Writer::Writer(Connection& connection, PublishedSchema& published, const ClassWatches& watches)
    : connection_(connection), published_(published), watches_(watches), schema_(published.get()), thread_([this] { loop(); }) {}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

std::vector<std::exception_ptr> Writer::write(std::span<const Closure> runs) {
  std::vector<std::future<std::exception_ptr>> answers;
  {
    const std::lock_guard lock(mutex_);
    for (const Closure& run : runs) {
      waiting_.push_back(Job{&run, {}, nullptr});
      answers.push_back(waiting_.back().done.get_future());
    }
  }
  changed_.notify_one();
  const WaitingScope waiting;
  std::vector<std::exception_ptr> errors;
  for (auto& answer : answers) errors.push_back(answer.get());
  return errors;
}

void Writer::run_alone(const std::function<void()>& run) {
  LoneJob job(run);
  std::future<void> done = job.get_future();
  {
    const std::lock_guard lock(mutex_);
    alone_.push_back(std::move(job));
  }
  changed_.notify_one();
  const WaitingScope waiting;
  done.get();
}

void Writer::loop() {
  while (wait_for_jobs()) {
    run_lone_jobs();
    run_group();
  }
}

bool Writer::wait_for_jobs() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !waiting_.empty() || !alone_.empty() || ending_; });
  return !waiting_.empty() || !alone_.empty();
}

void Writer::run_lone_jobs() {
  std::deque<LoneJob> jobs;
  {
    const std::lock_guard lock(mutex_);
    jobs.swap(alone_);
  }
  for (LoneJob& job : jobs) {
    job();
    schema_ = published_.get();
  }
}

void Writer::run_group() {
  Group group;
  if (!take_waiting(group)) return;
  changes_.clear();
  try {
    connection_.run("BEGIN IMMEDIATE");
    const auto end = std::chrono::steady_clock::now() + kMaxGroupTime;
    std::size_t next = 0;
    do {
      for (; next < group.size(); ++next) run_in_savepoint(group[next]);
    } while (group.size() < kMaxGroup && std::chrono::steady_clock::now() < end && !anything_waits_to_run_alone() && take_waiting(group));
    commit();
    watches_.announce(changes_);
    answer(group);
  } catch (const std::exception& failure) {
    log::error("A group of writes failed; none of them was stored", {{"reason", failure.what()}});
    roll_back();
    schema_ = published_.get();
    fail(group, std::current_exception());
  }
}

// The next group tries again where this fails: its BEGIN is refused and it comes here.
void Writer::roll_back() {
  try {
    if (connection_.in_transaction()) connection_.run("ROLLBACK");
  } catch (const std::exception& failure) {
    log::error("A transaction could not be undone", {{"reason", failure.what()}});
  }
}

bool Writer::take_waiting(Group& group) {
  const std::lock_guard lock(mutex_);
  const bool any = !waiting_.empty();
  std::move(waiting_.begin(), waiting_.end(), std::back_inserter(group));
  waiting_.clear();
  return any;
}

bool Writer::anything_waits_to_run_alone() {
  const std::lock_guard lock(mutex_);
  return !alone_.empty();
}

void Writer::run_in_savepoint(Job& job) {
  connection_.run("SAVEPOINT closure");
  SqliteTransaction transaction(connection_, schema_, watches_);
  try {
    (*job.run)(transaction);
    connection_.run("RELEASE closure");
    schema_ = transaction.schema_after();
    merge_changes(changes_, transaction.take_changes());
  } catch (...) {
    job.error = std::current_exception();
    if (!connection_.in_transaction()) throw;
    connection_.run("ROLLBACK TO closure");
    connection_.run("RELEASE closure");
  }
}

void Writer::commit() {
  connection_.run("COMMIT");
  if (schema_ == published_.get()) return;
  published_.set(schema_);
  connection_.clear_statements();
}

void Writer::answer(Group& group) {
  // Handed over whole: the last to hold an error is the thread that throws it.
  for (Job& job : group) job.done.set_value(std::move(job.error));
}

void Writer::fail(Group& group, const std::exception_ptr& error) {
  for (Job& job : group) job.done.set_value(error);
}

}  // namespace parsimony
