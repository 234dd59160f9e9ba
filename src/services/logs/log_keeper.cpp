#include "services/logs/log_keeper.h"

#include <chrono>
#include <utility>

#include "common/clock.h"
#include "common/worker_pool.h"

namespace parsimony {
namespace {

constexpr auto kGroupTime = std::chrono::milliseconds(200);  // how long lines wait for others
constexpr auto kLongestWait = std::chrono::seconds(2);
constexpr std::size_t kGroupBytes = 256 * 1024;  // enough not to wait for more
constexpr std::size_t kMaxWaitingBytes = 4 * 1024 * 1024;

std::size_t bytes_of(const log::Line& line) {
  std::size_t bytes = sizeof line + line.message.size();
  for (const auto& [name, value] : line.fields) bytes += sizeof(std::pair<std::string, std::string>) + name.size() + value.size();
  return bytes;
}

log::Line loss_line(std::uint64_t lines) {
  return {now_ms(), log::Level::warn, std::to_string(lines) + " lines of the log were not kept: they came too fast", {}};
}

}  // namespace

LogKeeper::LogKeeper(std::filesystem::path file, LogLimits limits) : file_(std::move(file)), limits_(limits) {
  thread_ = std::thread([this] { run(); });
}

LogKeeper::~LogKeeper() {
  {
    const std::lock_guard lock(mutex_);
    stops_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void LogKeeper::take(log::Line line) {
  const std::size_t bytes = bytes_of(line);
  const std::lock_guard lock(mutex_);
  if (waiting_bytes_ + bytes > kMaxWaitingBytes) {
    ++lost_;
    return;
  }
  waiting_.push_back(std::move(line));
  waiting_bytes_ += bytes;
  ++taken_;
  if (waiting_.size() == 1 || waiting_bytes_ > kGroupBytes) changed_.notify_all();
}

void LogKeeper::run() {
  write({});  // so that there is a file to look at
  std::unique_lock lock(mutex_);
  while (!stops_ || !waiting_.empty()) {
    changed_.wait(lock, [&] { return stops_ || !waiting_.empty(); });
    changed_.wait_for(lock, kGroupTime, [&] { return stops_ || is_asked_for_ || waiting_bytes_ > kGroupBytes; });
    std::vector<log::Line> lines = std::exchange(waiting_, {});
    const std::uint64_t count = lines.size();
    if (const std::uint64_t lost = std::exchange(lost_, 0); lost > 0) lines.push_back(loss_line(lost));
    waiting_bytes_ = 0;
    is_asked_for_ = false;
    lock.unlock();
    if (!lines.empty()) write(std::move(lines));
    lock.lock();
    done_ += count;
    changed_.notify_all();
  }
}

void LogKeeper::write(std::vector<log::Line> lines) {
  try {
    if (!log_) log_.emplace(LogFile::open(file_));
    log_->append(lines, limits_);
    has_failed_ = false;
  } catch (const std::exception& failure) {
    log_.reset();  // the next lines find a file that can be opened, or none
    if (std::exchange(has_failed_, true)) return;
    log::error("The log cannot be kept", {{"file", file_.string()}, {"reason", failure.what()}});
  }
}

void LogKeeper::wait_until_written() const {
  const WaitingScope waiting;
  std::unique_lock lock(mutex_);
  const std::uint64_t wanted = taken_;
  is_asked_for_ = wanted > done_;
  changed_.notify_all();
  changed_.wait_for(lock, kLongestWait, [&] { return done_ >= wanted; });
}

std::vector<LogEntry> LogKeeper::read(const LogQuery& query) const {
  wait_until_written();
  std::vector<LogEntry> entries;
  if (!std::filesystem::exists(file_)) return entries;
  LogFile::open_for_reading(file_).read(query, [&](const LogEntry& entry) { entries.push_back(entry); });
  return entries;
}

}  // namespace parsimony
