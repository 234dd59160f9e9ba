// One connection to the database file, with its prepared statements.
//
// Used by one thread at a time. SQLiteCpp opens and owns the connection; statements are kept over its handle, because SQLiteCpp's
// columns copy a shared pointer for each value that is read.
#pragma once
#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>

#include "storage/sql/statement.h"
#include "storage/store.h"

namespace parsimony {

// A failure of the engine itself; the text is for the log.
class SqliteFailure : public std::runtime_error {
 public:
  SqliteFailure(sqlite3* database, const std::string& doing);
  int extended_code() const { return extended_code_; }
  bool is_unique_violation() const { return extended_code_ == SQLITE_CONSTRAINT_UNIQUE || extended_code_ == SQLITE_CONSTRAINT_PRIMARYKEY; }
  bool is_interrupt() const { return extended_code_ == SQLITE_INTERRUPT; }

 private:
  int extended_code_;
};

class Connection {
 public:
  enum class Mode { ReadOnly, ReadWrite };
  // Makes the file when Mode::ReadWrite and it is not there.
  Connection(const std::string& path, Mode mode, Durability durability);

  // Runs the statement and visits its rows. The visitor may run other statements of this connection.
  void run(const SqlStatement& statement, const RowVisitor& visit);
  // Runs a statement without rows; returns how many rows it changed.
  int run(const SqlStatement& statement);
  int run(std::string_view sql) { return run(SqlStatement{std::string(sql), {}}); }

  bool in_transaction() const { return sqlite3_get_autocommit(handle()) == 0; }
  // Forgets the prepared statements, which after a change of classes will hardly be asked for again.
  void clear_statements();
  // Statements that run later than this are interrupted; none: never.
  void set_deadline(std::optional<std::chrono::steady_clock::time_point> deadline) { deadline_ = deadline; }
  sqlite3* handle() const { return database_.getHandle(); }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  using Prepared = std::unique_ptr<sqlite3_stmt, Finalize>;
  struct Cached {
    std::string text;
    Prepared statement;
    bool in_use = false;
  };
  class Use;

  Prepared prepare(std::string_view text);
  static int check_deadline(void* self);

  SQLite::Database database_;
  std::list<Cached> cached_;  // most recently used first
  std::unordered_map<std::string_view, std::list<Cached>::iterator> by_text_;
  std::optional<std::chrono::steady_clock::time_point> deadline_;
};

}  // namespace parsimony
