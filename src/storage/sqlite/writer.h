// The one thread that writes: it takes all waiting closures, runs each in its own savepoint, and commits them together, so that
// they share one flush to disk.
//
// An error undoes the closure's own savepoint only. Some errors (disk full, I/O, out of memory) end the whole transaction: then
// every closure of the group fails and nothing is published.
//
// What concerns the database as a whole runs alone: between two groups, outside of any transaction.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "storage/sqlite/class_watches.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/published_schema.h"

namespace parsimony {

class Writer {
 public:
  Writer(Connection& connection, PublishedSchema& published, const ClassWatches& watches);
  ~Writer();  // runs what waits, then ends the thread
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  using Closure = std::function<void(Transaction&)>;
  // Returns when all are committed: what each threw, null where it was done.
  std::vector<std::exception_ptr> write(std::span<const Closure> runs);

  // Runs `run` on the writer's thread while no transaction is open; it may publish other classes. Passes on what it throws.
  void run_alone(const std::function<void()>& run);

 private:
  struct Job {
    const Closure* run;
    std::promise<std::exception_ptr> done;
    std::exception_ptr error;
  };
  using Group = std::deque<Job>;
  using LoneJob = std::packaged_task<void()>;

  void loop();
  bool wait_for_jobs();
  void run_lone_jobs();
  void run_group();
  // Moves what waits to the end of the group. False when nothing waited.
  bool take_waiting(Group& group);
  bool anything_waits_to_run_alone();
  void run_in_savepoint(Job& job);
  void commit();
  void roll_back();
  static void answer(Group& group);
  static void fail(Group& group, const std::exception_ptr& error);

  Connection& connection_;
  PublishedSchema& published_;
  const ClassWatches& watches_;
  std::shared_ptr<const SchemaSnapshot> schema_;  // as the running group sees it; this and the next: the writer's thread only
  ClassChanges changes_;                          // of the running group

  std::mutex mutex_;
  std::condition_variable changed_;
  Group waiting_;              // guarded by mutex_
  std::deque<LoneJob> alone_;  // guarded by mutex_
  bool ending_ = false;        // guarded by mutex_
  std::thread thread_;
};

}  // namespace parsimony
