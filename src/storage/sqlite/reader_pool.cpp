#include "storage/sqlite/reader_pool.h"

#include <utility>

namespace parsimony {

ReaderPool::ReaderPool(std::string path, std::size_t connections) : path_(std::move(path)), limit_(connections) {}

ReaderPool::Lease ReaderPool::borrow() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !held_back_ && borrowed_ < limit_; });
  ++borrowed_;
  if (!idle_.empty()) {
    std::unique_ptr<Connection> connection = std::move(idle_.back());
    idle_.pop_back();
    return {*this, std::move(connection)};
  }
  lock.unlock();
  try {
    return {*this, std::make_unique<Connection>(path_, Connection::Mode::ReadOnly, Durability::Full)};
  } catch (...) {
    give_back(nullptr);
    throw;
  }
}

void ReaderPool::give_back(std::unique_ptr<Connection> connection) {
  {
    const std::lock_guard lock(mutex_);
    --borrowed_;
    if (connection) idle_.push_back(std::move(connection));
  }
  changed_.notify_all();
}

void ReaderPool::run_alone(std::chrono::milliseconds patience, const std::function<void()>& alone) {
  std::unique_lock lock(mutex_);
  held_back_ = true;
  if (changed_.wait_for(lock, patience, [this] { return borrowed_ == 0; })) {
    lock.unlock();
    alone();
    lock.lock();
  }
  held_back_ = false;
  lock.unlock();
  changed_.notify_all();
}

}  // namespace parsimony
