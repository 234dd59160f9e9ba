#include "storage/sqlite/database_check.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <algorithm>

#include "common/percent_encoding.h"
#include "storage/sqlite/schema_table.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

constexpr int kBusyTimeoutMs = 5'000;

// A reader of a file that no server has open would leave an empty log beside it, unless it is told that nobody writes.
std::string uri_of(const fs::path& file) {
  std::error_code error;
  const bool has_log = fs::exists(file.string() + "-wal", error);
  return "file:" + percent_encoded(fs::absolute(file).string(), "/") + (has_log ? "" : "?immutable=1");
}

std::string text_of(SQLite::Database& database, const char* query) {
  SQLite::Statement statement(database, query);
  return statement.executeStep() ? statement.getColumn(0).getString() : std::string();
}

std::string format_of(SQLite::Database& database) {
  if (!database.tableExists("_META")) return {};
  return text_of(database, R"(SELECT "value" FROM "_META" WHERE "name" = 'formatVersion')");
}

// SQLite names the database in a line of its own first.
std::string as_one_line(const std::string& answer) {
  const std::size_t heading = answer.starts_with("***") ? answer.find('\n') + 1 : 0;
  std::string line = answer.substr(heading);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

}  // namespace

DatabaseCheck check_database(const fs::path& file) {
  DatabaseCheck check;
  try {
    SQLite::Database database(uri_of(file), SQLite::OPEN_READONLY | SQLite::OPEN_URI, kBusyTimeoutMs);
    const std::string answer = text_of(database, "PRAGMA quick_check(1)");
    if (answer != "ok") check.fault = as_one_line(answer);
    check.format = format_of(database);
    check.has_known_format = is_known_format(check.format);
  } catch (const std::exception& error) {
    check.fault = error.what();
  }
  return check;
}

}  // namespace parsimony
