// Writes what running jobs say of their progress into their rows.
//
// A job may say more than a disk can take, and on a thread that must not wait: so a thread of its own writes, of each job only the
// newest message, all that wait in one transaction.
#pragma once
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "storage/store.h"

namespace parsimony {

// Thread-safe; borrows the store. The thread begins with the first message.
class JobProgress {
 public:
  explicit JobProgress(Store& store) : store_(store) {}
  // Drops what is not written yet.
  ~JobProgress();
  JobProgress(const JobProgress&) = delete;
  JobProgress& operator=(const JobProgress&) = delete;

  // Quick.
  void say(const std::string& object_id, const std::string& message);

 private:
  using Messages = std::map<std::string, std::string>;  // by object id

  void loop();
  void write(const Messages& messages);

  Store& store_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Messages waiting_;     // guarded by mutex_
  bool ending_ = false;  // guarded by mutex_
  std::thread thread_;   // guarded by mutex_ until it is begun
};

}  // namespace parsimony
