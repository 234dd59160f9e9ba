// A bounded number of connections for reading, each borrowed for one read.
#pragma once
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "storage/sqlite/connection.h"

namespace parsimony {

class ReaderPool {
 public:
  ReaderPool(std::string path, std::size_t connections);

  // Gives the connection back at its end.
  class Lease {
   public:
    Lease(ReaderPool& pool, std::unique_ptr<Connection> connection) : pool_(pool), connection_(std::move(connection)) {}
    ~Lease() { pool_.give_back(std::move(connection_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Connection& operator*() const { return *connection_; }

   private:
    ReaderPool& pool_;
    std::unique_ptr<Connection> connection_;
  };

  // Waits for a free connection. Connections are opened on demand.
  Lease borrow();

  // Holds new reads back and waits for the running ones, at most `patience`; runs `alone` if they ended by then.
  void run_alone(std::chrono::milliseconds patience, const std::function<void()>& alone);

 private:
  void give_back(std::unique_ptr<Connection> connection);

  const std::string path_;
  const std::size_t limit_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::unique_ptr<Connection>> idle_;  // guarded by mutex_
  std::size_t borrowed_ = 0;                       // guarded by mutex_
  bool held_back_ = false;                         // guarded by mutex_
};

}  // namespace parsimony
