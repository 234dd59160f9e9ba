// The log of a server, kept in an SQLite file of its own so that it can be searched, also when the server has stopped.
//
//   line(id INTEGER PRIMARY KEY AUTOINCREMENT,  in the order of logging
//        time INTEGER,                          milliseconds since 1970
//        level INTEGER,                         log::Level
//        message TEXT,
//        fields TEXT)                           {"name":"value",...}; NULL: none
//
// One process writes, any number may read meanwhile (WAL). Nothing is synced: a power cut may lose the last lines.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/log.h"

namespace parsimony {

struct LogEntry {
  std::int64_t id = 0;
  log::Line line;
};

struct LogQuery {
  log::Level lowest = log::Level::debug;
  std::optional<std::int64_t> from_ms;
  std::optional<std::int64_t> until_ms;
  std::string search;         // in messages and values; ASCII letters in either case. Empty: everything
  std::int64_t after_id = 0;  // only what was logged after that line
  std::optional<std::int64_t> limit;
  bool newest_first = true;
};

struct LogLimits {
  std::uint64_t bytes = 16 * 1024 * 1024;  // of the file; the oldest lines go first
  std::optional<std::int64_t> age_ms;      // older lines go
};

// Used by one thread at a time. Methods throw std::runtime_error.
class LogFile {
 public:
  // For the one who writes: makes the file when it is not there. One that is no database is put aside, as FILE.damaged, which is logged.
  static LogFile open(const std::filesystem::path& file);
  // For those who look. Throws when there is no such file.
  static LogFile open_for_reading(const std::filesystem::path& file);
  LogFile(LogFile&&) noexcept;
  LogFile& operator=(LogFile&&) noexcept;
  ~LogFile();

  // Ids are given here. Takes away what is beyond the limits.
  void append(const std::vector<log::Line>& lines, const LogLimits& limits);

  // Throws Error 124 when it takes more than some seconds.
  void read(const LogQuery& query, const std::function<void(const LogEntry&)>& visit);

  // Changes whenever another process or connection has written.
  std::int64_t version();

 private:
  class Impl;
  explicit LogFile(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace parsimony
