#include "storage/sqlite/checkpointer.h"

#include "common/log.h"

namespace parsimony {
namespace {

constexpr int kPageBytes = 4096;
constexpr int kPassivePages = 4 * 1024 * 1024 / kPageBytes;
constexpr int kTruncatePages = 64 * 1024 * 1024 / kPageBytes;
constexpr auto kReadersPatience = std::chrono::milliseconds(500);
constexpr auto kIdleTime = std::chrono::milliseconds(200);
constexpr int kWriterPatienceMs = 100;  // reads are held back meanwhile

}  // namespace

Checkpointer::Checkpointer(const std::string& path, Durability durability, Connection& writer, ReaderPool& readers)
    : connection_(path, Connection::Mode::ReadWrite, durability), writer_(writer), readers_(readers) {
  sqlite3_busy_timeout(connection_.handle(), kWriterPatienceMs);
  sqlite3_wal_hook(writer.handle(), &Checkpointer::on_commit, this);  // also turns SQLite's own automatic checkpoints off
  thread_ = std::thread([this] { loop(); });
}

Checkpointer::~Checkpointer() {
  sqlite3_wal_hook(writer_.handle(), nullptr, nullptr);
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

int Checkpointer::on_commit(void* self, sqlite3*, const char*, int pages) {
  static_cast<Checkpointer*>(self)->committed(pages);
  return SQLITE_OK;
}

void Checkpointer::committed(int pages) {
  bool tells = false;
  {
    const std::lock_guard lock(mutex_);
    if (pages <= checkpointed_) checkpointed_ = 0;  // the log was begun anew
    tells = pages_ == checkpointed_ || checkpointed_ == 0 || pages - checkpointed_ >= kPassivePages;
    pages_ = pages;
  }
  if (tells) changed_.notify_one();
}

// Due are four megabytes, or whatever there is when no commit has come for a while. False at the end.
bool Checkpointer::wait_until_due(std::unique_lock<std::mutex>& lock) {
  changed_.wait(lock, [this] { return ending_ || pages_ != checkpointed_; });
  for (int seen = -1; !ending_ && pages_ - checkpointed_ < kPassivePages && seen != pages_;) {
    seen = pages_;
    changed_.wait_for(lock, kIdleTime, [this] { return ending_ || pages_ - checkpointed_ >= kPassivePages; });
  }
  return !ending_;
}

void Checkpointer::loop() {
  std::unique_lock lock(mutex_);
  while (wait_until_due(lock)) {
    checkpointed_ = pages_;
    const bool too_long = pages_ > kTruncatePages;
    lock.unlock();
    checkpoint(SQLITE_CHECKPOINT_PASSIVE);
    if (too_long) readers_.run_alone(kReadersPatience, [this] { checkpoint(SQLITE_CHECKPOINT_TRUNCATE); });
    lock.lock();
  }
}

void Checkpointer::checkpoint(int mode) {
  const int result = sqlite3_wal_checkpoint_v2(connection_.handle(), nullptr, mode, nullptr, nullptr);
  if (result != SQLITE_OK && result != SQLITE_BUSY) {
    log::error("A checkpoint of the database failed", {{"reason", sqlite3_errmsg(connection_.handle())}});
  }
}

}  // namespace parsimony
