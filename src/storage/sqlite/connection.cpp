#include "storage/sqlite/connection.h"

#include "storage/sqlite/aggregate_functions.h"
#include "storage/sqlite/functions.h"

namespace parsimony {
namespace {

constexpr std::size_t kMaxCachedStatements = 128;
constexpr std::size_t kMaxCachedBytes = 16 * 1024;  // of a text; longer ones hardly come again, and each would keep megabytes
// Virtual machine steps, some microseconds. A row takes about ten, and a filter's function may take 20 ms of one row.
constexpr int kDeadlineCheckInterval = 500;
constexpr int kBusyTimeoutMs = 5'000;
// Readers see the file through memory up to here, so that a scan copies no pages (docs/decisions/0003-storage.md).
constexpr std::int64_t kMappedBytes = std::int64_t{1} << 30;

int open_flags(Connection::Mode mode) {
  const int access = mode == Connection::Mode::ReadOnly ? SQLite::OPEN_READONLY : SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE;
  return access | SQLITE_OPEN_NOMUTEX;
}

std::string_view synchronous(Durability durability) {
  switch (durability) {
    case Durability::Full: return "PRAGMA synchronous = FULL";
    case Durability::Relaxed: return "PRAGMA synchronous = NORMAL";
    case Durability::None: return "PRAGMA synchronous = OFF";
  }
  return {};
}

void bind(sqlite3_stmt* statement, const std::vector<Cell>& values) {
  int index = 0;
  for (const Cell& value : values) {
    ++index;
    if (const auto* text = std::get_if<std::string>(&value)) {
      sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
    } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      sqlite3_bind_int64(statement, index, *integer);
    } else if (const auto* real = std::get_if<double>(&value)) {
      sqlite3_bind_double(statement, index, *real);
    }
  }
}

class SqliteRow final : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}

  CellType type(int column) const override {
    switch (sqlite3_column_type(statement_, column)) {
      case SQLITE_NULL: return CellType::Null;
      case SQLITE_INTEGER: return CellType::Integer;
      case SQLITE_FLOAT: return CellType::Real;
      default: return CellType::Text;
    }
  }
  std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }
  double real(int column) const override { return sqlite3_column_double(statement_, column); }
  std::string_view text(int column) const override {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }

 private:
  sqlite3_stmt* statement_;
};

}  // namespace

SqliteFailure::SqliteFailure(sqlite3* database, const std::string& doing)
    : std::runtime_error(doing + ": " + sqlite3_errmsg(database)), extended_code_(sqlite3_extended_errcode(database)) {}

// A prepared statement for one run: taken from the cache, reset and given back at the end.
class Connection::Use {
 public:
  Use(Connection& connection, const SqlStatement& statement) : connection_(connection) {
    const auto found = connection.by_text_.find(statement.text);
    if (found != connection.by_text_.end() && !found->second->in_use) {
      connection.cached_.splice(connection.cached_.begin(), connection.cached_, found->second);
      cached_ = &connection.cached_.front();
    } else if (found == connection.by_text_.end() && statement.text.size() <= kMaxCachedBytes) {
      Prepared prepared = connection.prepare(statement.text);
      connection.cached_.push_front(Cached{statement.text, std::move(prepared)});
      cached_ = &connection.cached_.front();
      connection.by_text_.emplace(cached_->text, connection.cached_.begin());
    } else {
      own_ = connection.prepare(statement.text);
    }
    if (cached_) cached_->in_use = true;
    bind(get(), statement.values);
  }

  ~Use() {
    sqlite3_reset(get());
    sqlite3_clear_bindings(get());
    if (!cached_) return;
    cached_->in_use = false;
    drop_oldest();
  }

  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;

  sqlite3_stmt* get() const { return cached_ ? cached_->statement.get() : own_.get(); }

 private:
  void drop_oldest() {
    if (connection_.cached_.size() <= kMaxCachedStatements || connection_.cached_.back().in_use) return;
    connection_.by_text_.erase(connection_.cached_.back().text);
    connection_.cached_.pop_back();
  }

  Connection& connection_;
  Cached* cached_ = nullptr;
  Prepared own_;
};

Connection::Connection(const std::string& path, Mode mode, Durability durability) : database_(path, open_flags(mode), kBusyTimeoutMs) {
  sqlite3_extended_result_codes(handle(), 1);
  // A misspelt column must be an error, never a text.
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  // The triggers that keep full-text and geo indexes write to FTS5 tables and R*Trees, which SQLite before 3.41 does not count as
  // harmless. No function of ours may be called from a schema (functions.cpp).
  run(mode == Mode::ReadOnly ? "PRAGMA trusted_schema = OFF" : "PRAGMA trusted_schema = ON");
  run("PRAGMA temp_store = MEMORY");
  run(synchronous(durability));
  if (mode == Mode::ReadOnly) run("PRAGMA mmap_size = " + std::to_string(kMappedBytes));
  register_functions(handle());
  register_aggregate_functions(handle());
  sqlite3_progress_handler(handle(), kDeadlineCheckInterval, &Connection::check_deadline, this);
}

int Connection::check_deadline(void* self) {
  const auto& deadline = static_cast<Connection*>(self)->deadline_;
  return deadline && std::chrono::steady_clock::now() > *deadline ? 1 : 0;
}

Connection::Prepared Connection::prepare(std::string_view text) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(handle(), text.data(), static_cast<int>(text.size()), SQLITE_PREPARE_PERSISTENT, &statement, nullptr) !=
      SQLITE_OK) {
    throw SqliteFailure(handle(), "preparing " + std::string(text.substr(0, 200)));
  }
  return Prepared(statement);
}

void Connection::run(const SqlStatement& statement, const RowVisitor& visit) {
  const Use use(*this, statement);
  const SqliteRow row(use.get());
  for (;;) {
    const int result = sqlite3_step(use.get());
    if (result == SQLITE_DONE) return;
    if (result != SQLITE_ROW) {
      rethrow_function_error();
      throw SqliteFailure(handle(), "running " + statement.text.substr(0, 200));
    }
    if (visit) visit(row);
  }
}

int Connection::run(const SqlStatement& statement) {
  run(statement, nullptr);
  return sqlite3_changes(handle());
}

void Connection::clear_statements() {
  for (auto it = cached_.begin(); it != cached_.end();) {
    if (it->in_use) {
      ++it;
      continue;
    }
    by_text_.erase(it->text);
    it = cached_.erase(it);
  }
}

}  // namespace parsimony
