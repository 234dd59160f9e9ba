#include "storage/sqlite/writer.h"

#include "common/log.h"
#include "common/worker_pool.h"
#include "storage/sqlite/transaction.h"

namespace parsimony {
namespace {

// A group grows while closures arrive, up to here, so that the first of it does not wait for ever.
constexpr std::size_t kMaxGroup = 512;
constexpr auto kMaxGroupTime = std::chrono::milliseconds(20);

}  // namespace

Writer::Writer(Connection& connection, PublishedSchema& published)
    : connection_(connection), published_(published), schema_(published.get()), thread_([this] { loop(); }) {}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Writer::write(const Closure& run) {
  Job job{&run, {}, nullptr};
  std::future<void> done = job.done.get_future();
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(job));
  }
  changed_.notify_one();
  const WaitingScope waiting;
  done.get();
}

void Writer::loop() {
  while (wait_for_jobs()) run_group();
}

bool Writer::wait_for_jobs() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !waiting_.empty() || ending_; });
  return !waiting_.empty();
}

void Writer::run_group() {
  Group group;
  try {
    connection_.run("BEGIN IMMEDIATE");
    const auto end = std::chrono::steady_clock::now() + kMaxGroupTime;
    while (group.size() < kMaxGroup && std::chrono::steady_clock::now() < end && take_waiting(group)) {
    }
    commit();
    answer(group);
  } catch (const std::exception& failure) {
    log::error("A group of writes failed; none of them was stored", {{"reason", failure.what()}});
    if (connection_.in_transaction()) connection_.run("ROLLBACK");
    schema_ = published_.get();
    fail(group, std::current_exception());
  }
}

bool Writer::take_waiting(Group& group) {
  Group taken;
  {
    const std::lock_guard lock(mutex_);
    taken.swap(waiting_);
  }
  const std::size_t first = group.size();
  for (Job& job : taken) group.push_back(std::move(job));
  for (std::size_t i = first; i < group.size(); ++i) run_in_savepoint(group[i]);
  return !taken.empty();
}

void Writer::run_in_savepoint(Job& job) {
  connection_.run("SAVEPOINT closure");
  SqliteTransaction transaction(connection_, schema_);
  try {
    (*job.run)(transaction);
    connection_.run("RELEASE closure");
    schema_ = transaction.schema_after();
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
  for (Job& job : group) {
    if (job.error) {
      job.done.set_exception(job.error);
    } else {
      job.done.set_value();
    }
  }
}

void Writer::fail(Group& group, const std::exception_ptr& error) {
  for (Job& job : group) job.done.set_exception(error);
}

}  // namespace parsimony
