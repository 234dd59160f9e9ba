// The prepared statements of a connection.
#include "storage/sqlite/connection.h"

#include "unit/storage/test_store.h"

namespace parsimony {
namespace {

class Opened {
 public:
  Opened() : connection_((store_.path().parent_path() / "other.db").string(), Connection::Mode::ReadWrite, Durability::None) {
    connection_.run("CREATE TABLE t (n)");
    connection_.run("INSERT INTO t VALUES (1), (2), (3)");
  }
  Connection* operator->() { return &connection_; }

  std::int64_t sum(const std::string& sql, std::vector<Cell> values = {}) {
    std::int64_t total = 0;
    connection_.run(SqlStatement{sql, std::move(values)}, [&](const Row& row) { total += row.integer(0); });
    return total;
  }
  int prepared() const {
    int statements = 0;
    for (sqlite3_stmt* s = sqlite3_next_stmt(connection_.handle(), nullptr); s; s = sqlite3_next_stmt(connection_.handle(), s))
      ++statements;
    return statements;
  }

 private:
  TemporaryStore store_;
  Connection connection_;
};

TEST_CASE("a text is prepared once, whatever is bound to it") {
  Opened db;
  const int before = db.prepared();
  for (std::int64_t n = 0; n < 10; ++n) CHECK(db.sum("SELECT ?", {n}) == n);
  CHECK(db.prepared() == before + 1);
  CHECK(db.sum("SELECT ?") == 0);  // nothing is left of what was bound before
}

TEST_CASE("a statement may run within itself") {
  Opened db;
  std::int64_t pairs = 0;
  db->run(SqlStatement{"SELECT n FROM t", {}}, [&](const Row&) {
    db->run(SqlStatement{"SELECT n FROM t", {}}, [&](const Row&) { ++pairs; });
    db->clear_statements();
  });
  CHECK(pairs == 9);
  CHECK(db.sum("SELECT n FROM t") == 6);
}

TEST_CASE("the number of statements kept is bounded, and long texts are not kept") {
  Opened db;
  for (std::int64_t n = 0; n < 500; ++n) CHECK(db.sum("SELECT n FROM t WHERE n < 3 OR n = " + std::to_string(n)) >= 3);
  CHECK(db.prepared() <= 130);
  const int before = db.prepared();
  CHECK(db.sum("SELECT 7 -- " + std::string(100'000, 'x')) == 7);
  CHECK(db.prepared() == before);
  db->clear_statements();
  CHECK(db.prepared() == 0);
}

TEST_CASE("a statement that fails is good for another run") {
  Opened db;
  db->run("CREATE UNIQUE INDEX u ON t (n)");
  for (int i = 0; i < 3; ++i) {
    CHECK_THROWS_AS(db->run(SqlStatement{"INSERT INTO t VALUES (?)", {std::int64_t{1}}}), SqliteFailure);
  }
  CHECK(db->run(SqlStatement{"INSERT INTO t VALUES (?)", {std::int64_t{4}}}) == 1);
  CHECK_THROWS_AS(db->run("SELECT \"misspelt\" FROM t"), SqliteFailure);
}

TEST_CASE("an exception of a visitor leaves the statement ready for the next run") {
  Opened db;
  CHECK_THROWS_AS(db->run(SqlStatement{"SELECT n FROM t", {}}, [](const Row&) { throw 1; }), int);
  CHECK(db.sum("SELECT n FROM t") == 6);
}

TEST_CASE("a table that changes under a kept statement") {
  Opened db;
  CHECK(db.sum("SELECT n FROM t") == 6);
  db->run("ALTER TABLE t ADD COLUMN m");
  db->run("UPDATE t SET m = 10");
  CHECK(db.sum("SELECT n FROM t") == 6);
  CHECK(db.sum("SELECT m FROM t") == 30);
}

TEST_CASE("a deadline interrupts") {
  Opened db;
  const std::string endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c";
  db->set_deadline(std::chrono::steady_clock::now());
  try {
    db.sum(endless);
    FAIL("not interrupted");
  } catch (const SqliteFailure& failure) {
    CHECK(failure.is_interrupt());
  }
  db->set_deadline(std::nullopt);
  CHECK(db.sum("SELECT n FROM t") == 6);
}

}  // namespace
}  // namespace parsimony
