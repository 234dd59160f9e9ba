// Keeps what the server logs: takes lines without waiting, and writes them to the log file in groups, on a thread of its own.
//
// A log that cannot be written (a full disk) never harms a request: its lines are lost, which is logged once. So are lines that come
// faster than the disk takes them.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "common/log.h"
#include "storage/log_file.h"

namespace parsimony {

// Thread-safe.
class LogKeeper final : public log::Sink {
 public:
  // The file is opened by the thread.
  LogKeeper(std::filesystem::path file, LogLimits limits);
  ~LogKeeper() override;  // writes what it has
  LogKeeper(const LogKeeper&) = delete;
  LogKeeper& operator=(const LogKeeper&) = delete;

  void take(log::Line line) override;

  // What was taken before the call is found, too. Waits for it and for the disk. Throws Error 124 when it takes too long,
  // std::runtime_error when there is no log.
  std::vector<LogEntry> read(const LogQuery& query) const;

 private:
  void run();
  void write(std::vector<log::Line> lines);
  void wait_until_written() const;

  const std::filesystem::path file_;
  const LogLimits limits_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<log::Line> waiting_;     // under mutex_
  std::size_t waiting_bytes_ = 0;      // under mutex_
  std::uint64_t lost_ = 0;             // lines, since the last write; under mutex_
  std::uint64_t taken_ = 0;            // lines; under mutex_
  std::uint64_t done_ = 0;             // lines written or given up; under mutex_
  mutable bool is_asked_for_ = false;  // somebody waits for a write; under mutex_
  bool stops_ = false;                 // under mutex_
  std::optional<LogFile> log_;         // the thread's own
  bool has_failed_ = false;            // the thread's own
  std::thread thread_;
};

}  // namespace parsimony
