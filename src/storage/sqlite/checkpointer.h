// Moves what was written from the write-ahead log into the database file, on a thread of its own, so that no request pays for it.
#pragma once
#include <condition_variable>
#include <mutex>
#include <thread>

#include "storage/sqlite/connection.h"
#include "storage/sqlite/reader_pool.h"

namespace parsimony {

class Checkpointer {
 public:
  // Watches the commits of `writer`, which must not run a statement while this is constructed or destroyed.
  Checkpointer(const std::string& path, Durability durability, Connection& writer, ReaderPool& readers);
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

 private:
  static int on_commit(void* self, sqlite3* database, const char* name, int pages);
  void committed(int pages);
  void loop();
  bool wait_until_due(std::unique_lock<std::mutex>& lock);
  void checkpoint(int mode);

  Connection connection_;
  Connection& writer_;
  ReaderPool& readers_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int pages_ = 0;         // in the log; guarded by mutex_
  int checkpointed_ = 0;  // of those; guarded by mutex_
  bool ending_ = false;   // guarded by mutex_
  std::thread thread_;
};

}  // namespace parsimony
