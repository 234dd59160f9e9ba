#include "cli/logs.h"

#include <charconv>
#include <chrono>
#include <cstdint>
#include <deque>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <thread>
#include <variant>

#include "app/data_folder.h"
#include "app/option_error.h"
#include "cli/start.h"
#include "common/clock.h"
#include "query/relative_time.h"
#include "services/logs/log_entries.h"
#include "storage/log_file.h"
#include "types/date.h"

namespace parsimony {
namespace {

constexpr std::int64_t kDefaultLines = 100;
constexpr auto kLookEvery = std::chrono::milliseconds(100);

std::optional<std::string> value_of(const CommandLine& line, const char* flag) {
  const auto found = line.values.find(flag);
  return found == line.values.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc() && end == text.data() + text.size() && number >= 0;
  return is_number ? std::optional(number) : std::nullopt;
}

// "15m"
std::optional<std::int64_t> span_ms(std::string_view text) {
  constexpr std::pair<char, std::int64_t> kUnits[] = {{'s', 1000}, {'m', 60'000}, {'h', 3'600'000}, {'d', 86'400'000}};
  constexpr std::int64_t kMost = 1'000'000'000;
  for (const auto& [unit, ms] : kUnits) {
    if (!text.ends_with(unit)) continue;
    const auto number = number_of(text.substr(0, text.size() - 1));
    if (number && *number <= kMost) return *number * ms;
  }
  return std::nullopt;
}

std::int64_t time_since(const std::string& text) {
  if (const auto span = span_ms(text)) return now_ms() - *span;
  if (const auto time = parse_iso_date(text)) return *time;
  const auto relative = parse_relative_time(text, now_ms());
  if (const auto* time = std::get_if<std::int64_t>(&relative)) return *time;
  throw OptionError("option --since is a time such as 15m, 2h, 7d, \"2 hours ago\" or 2026-01-31T12:00:00Z, not \"" + text + "\"");
}

log::Level level_of(const std::string& name) {
  for (const char* known : {"error", "warn", "info", "debug", "verbose", "silly"}) {
    if (name == known) return log::level_from_name(name);
  }
  throw OptionError("option --level is error, warn, info or debug, not \"" + name + "\"");
}

LogQuery query_of(const CommandLine& line) {
  LogQuery query;
  if (const auto level = value_of(line, "--level")) query.lowest = level_of(*level);
  if (const auto since = value_of(line, "--since")) query.from_ms = time_since(*since);
  query.search = value_of(line, "--search").value_or(std::string());
  if (!query.from_ms) query.limit = kDefaultLines;
  if (const auto lines = value_of(line, "--lines")) {
    query.limit = number_of(*lines);
    if (!query.limit) throw OptionError("option --lines is a number of lines, not \"" + *lines + "\"");
  }
  return query;
}

void print(const LogEntry& entry, bool as_json) {
  std::cout << (as_json ? to_json_text(encode_log_line(entry.line)) : text_of_log_line(entry.line)) << "\n";
}

// The id of the last line of the log, whatever is asked for.
std::int64_t last_id(LogFile& log) {
  std::int64_t id = 0;
  LogQuery newest;
  newest.limit = 1;
  log.read(newest, [&](const LogEntry& entry) { id = entry.id; });
  return id;
}

// The newest lines are asked for and printed last.
void print_last(LogFile& log, LogQuery query, std::int64_t until_id, bool as_json) {
  std::deque<LogEntry> entries;
  log.read(query, [&](const LogEntry& entry) {
    if (entry.id <= until_id) entries.push_front(entry);
  });
  for (const LogEntry& entry : entries) print(entry, as_json);
  std::cout << std::flush;
}

[[noreturn]] void follow(LogFile& log, LogQuery query, std::int64_t after_id, bool as_json) {
  query.limit.reset();
  query.newest_first = false;
  std::int64_t version = -1;
  for (;; std::this_thread::sleep_for(kLookEvery)) {
    const std::int64_t now = log.version();
    if (std::exchange(version, now) == now) continue;
    query.after_id = std::exchange(after_id, last_id(log));
    log.read(query, [&](const LogEntry& entry) {
      print(entry, as_json);
      after_id = std::max(after_id, entry.id);
    });
    std::cout << std::flush;
  }
}

std::filesystem::path log_file(const Options& options) {
  const std::filesystem::path file = log_file_of(options);
  if (file.empty()) throw OptionError("the log of a database in memory is gone with its server; name a folder for it with --logsFolder");
  if (!std::filesystem::exists(file)) {
    throw std::runtime_error("there is no log " + file.string() + "; name the data folder of the server with --data");
  }
  return file;
}

}  // namespace

int logs_command(const CommandLine& line) {
  const LogQuery query = query_of(line);
  const bool as_json = line.switches.contains("--json");
  LogFile log = LogFile::open_for_reading(log_file(options_of_command(line)));
  const std::int64_t newest = last_id(log);
  print_last(log, query, newest, as_json);
  if (line.switches.contains("--follow")) follow(log, query, newest, as_json);
  return 0;
}

}  // namespace parsimony
