#include "storage/log_file.h"

#include <chrono>
#include <stdexcept>

#include "common/clock.h"
#include "common/error.h"
#include "storage/sqlite/connection.h"
#include "types/json.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

constexpr auto kReadTime = std::chrono::seconds(5);
constexpr std::int64_t kPartThatGoes = 10;  // when the file is full, one line of this many

constexpr std::string_view kSchema[] = {
    "PRAGMA auto_vacuum = INCREMENTAL",
    "PRAGMA journal_mode = WAL",
    "CREATE TABLE IF NOT EXISTS line(id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, level INTEGER NOT NULL, "
    "message TEXT NOT NULL, fields TEXT)",
    "CREATE INDEX IF NOT EXISTS line_time ON line(time)",
};

bool is_damaged(const SqliteFailure& failure) {
  const int code = failure.extended_code() & 0xff;
  return code == SQLITE_NOTADB || code == SQLITE_CORRUPT;
}

Cell fields_cell(const log::Line& line) {
  if (line.fields.empty()) return {};
  Json fields = Json::object();
  for (const auto& [name, value] : line.fields) fields[name] = value;
  return to_json_text(fields);
}

LogEntry entry_of(const Row& row) {
  LogEntry entry{row.integer(0), {row.integer(1), static_cast<log::Level>(row.integer(2)), std::string(row.text(3)), {}}};
  if (row.type(4) == CellType::Null) return entry;
  const Json fields = parse_json(row.text(4));
  for (const auto& [name, value] : fields.items()) entry.line.fields.emplace_back(name, value.is_string() ? value.get<std::string>() : "");
  return entry;
}

// '%' and '_' as themselves.
std::string like_pattern(const std::string& text) {
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

SqlStatement statement_of(const LogQuery& query) {
  SqlStatement statement{"SELECT id, time, level, message, fields FROM line WHERE id > ", {}};
  statement.add_value(query.after_id);
  if (query.lowest > log::Level::debug) statement.add(" AND level >= ").add_value(static_cast<std::int64_t>(query.lowest));
  if (query.from_ms) statement.add(" AND time >= ").add_value(*query.from_ms);
  if (query.until_ms) statement.add(" AND time <= ").add_value(*query.until_ms);
  if (!query.search.empty()) {
    const std::string pattern = like_pattern(query.search);
    statement.add(" AND (message LIKE ").add_value(pattern).add(" ESCAPE '\\' OR fields LIKE ").add_value(pattern).add(" ESCAPE '\\')");
  }
  statement.add(query.newest_first ? " ORDER BY id DESC" : " ORDER BY id");
  if (query.limit) statement.add(" LIMIT ").add_value(*query.limit);
  return statement;
}

}  // namespace

class LogFile::Impl {
 public:
  Impl(const fs::path& file, Connection::Mode mode) : connection_(file.string(), mode, Durability::None) {
    connection_.run("PRAGMA cache_size = -256");
    if (mode == Connection::Mode::ReadOnly) return;
    for (const std::string_view step : kSchema) connection_.run(step);
  }

  void append(const std::vector<log::Line>& lines, const LogLimits& limits) {
    connection_.run("BEGIN IMMEDIATE");
    try {
      for (const log::Line& line : lines) insert(line);
      if (limits.age_ms) connection_.run(SqlStatement{"DELETE FROM line WHERE time < ?", {now_ms() - *limits.age_ms}});
      connection_.run("COMMIT");
    } catch (const std::exception&) {
      if (connection_.in_transaction()) connection_.run("ROLLBACK");
      throw;
    }
    shrink(limits.bytes);
  }

  void read(const LogQuery& query, const std::function<void(const LogEntry&)>& visit) {
    connection_.set_deadline(std::chrono::steady_clock::now() + kReadTime);
    try {
      connection_.run(statement_of(query), [&](const Row& row) { visit(entry_of(row)); });
    } catch (const SqliteFailure& failure) {
      if (!failure.is_interrupt()) throw;
      throw Error(error_code::kTimeout, "The search in the log takes too long: ask for less time, or for a level.");
    }
  }

  std::int64_t number(const char* question) {
    std::int64_t answer = 0;
    connection_.run(SqlStatement{question, {}}, [&](const Row& row) { answer = row.integer(0); });
    return answer;
  }

 private:
  void insert(const log::Line& line) {
    connection_.run(SqlStatement{"INSERT INTO line(time, level, message, fields) VALUES(?, ?, ?, ?)",
                                 {line.time_ms, static_cast<std::int64_t>(line.level), line.message, fields_cell(line)}});
  }

  std::uint64_t used_bytes() {
    const std::int64_t pages = number("PRAGMA page_count") - number("PRAGMA freelist_count");
    return static_cast<std::uint64_t>(pages * number("PRAGMA page_size"));
  }

  void shrink(std::uint64_t max_bytes) {
    while (used_bytes() > max_bytes) {
      const std::int64_t first = number("SELECT min(id) FROM line");
      const std::int64_t last = number("SELECT max(id) FROM line");
      if (last <= first) return;
      connection_.run(SqlStatement{"DELETE FROM line WHERE id <= ?", {first + (last - first) / kPartThatGoes}});
    }
    if (number("PRAGMA freelist_count") > 0) connection_.run("PRAGMA incremental_vacuum(256)");
  }

  Connection connection_;
};

LogFile::LogFile(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LogFile::LogFile(LogFile&&) noexcept = default;
LogFile& LogFile::operator=(LogFile&&) noexcept = default;
LogFile::~LogFile() = default;

LogFile LogFile::open(const fs::path& file) {
  try {
    return LogFile(std::make_unique<Impl>(file, Connection::Mode::ReadWrite));
  } catch (const SqliteFailure& failure) {
    if (!is_damaged(failure)) throw;
  }
  const std::string aside = file.string() + ".damaged";
  fs::rename(file, aside);
  log::warn("The log was damaged; a new one is begun", {{"before", aside}});
  return LogFile(std::make_unique<Impl>(file, Connection::Mode::ReadWrite));
}

LogFile LogFile::open_for_reading(const fs::path& file) {
  if (!fs::exists(file)) throw std::runtime_error("there is no log " + file.string());
  return LogFile(std::make_unique<Impl>(file, Connection::Mode::ReadOnly));
}

void LogFile::append(const std::vector<log::Line>& lines, const LogLimits& limits) { impl_->append(lines, limits); }
void LogFile::read(const LogQuery& query, const std::function<void(const LogEntry&)>& visit) { impl_->read(query, visit); }
std::int64_t LogFile::version() { return impl_->number("PRAGMA data_version"); }

}  // namespace parsimony
