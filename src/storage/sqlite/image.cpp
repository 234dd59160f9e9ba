#include "storage/sqlite/image.h"

#include "storage/sqlite/schema_table.h"

namespace parsimony {
namespace {

constexpr const char* kMain = "main";
constexpr int kAllPages = -1;

void copy_pages(Connection& from, Connection& to) {
  sqlite3_backup* backup = sqlite3_backup_init(to.handle(), kMain, from.handle(), kMain);
  if (backup == nullptr) throw SqliteFailure(to.handle(), "copying the database");
  const int result = sqlite3_backup_step(backup, kAllPages);
  const int finished = sqlite3_backup_finish(backup);
  if (result != SQLITE_DONE || finished != SQLITE_OK) throw SqliteFailure(to.handle(), "copying the database");
}

std::uint64_t pragma_value(Connection& connection, const char* pragma) {
  std::int64_t value = 0;
  connection.run(SqlStatement{pragma, {}}, [&](const Row& row) { value = row.integer(0); });
  return static_cast<std::uint64_t>(value);
}

}  // namespace

std::uint64_t database_bytes(Connection& connection) {
  return pragma_value(connection, "PRAGMA page_count") * pragma_value(connection, "PRAGMA page_size");
}

SqliteImage::SqliteImage(Connection& from, std::shared_ptr<const SchemaSnapshot> schema)
    : pages_(":memory:", Connection::Mode::ReadWrite, Durability::None), schema_(std::move(schema)) {
  copy_pages(from, pages_);
  bytes_ = database_bytes(pages_);
}

std::shared_ptr<const SchemaSnapshot> SqliteImage::write_to(Connection& to, std::int64_t schema_version) {
  auto stamped = std::make_shared<SchemaSnapshot>(*schema_);
  stamped->version = schema_version;
  write_schema_version(pages_, schema_version);
  copy_pages(pages_, to);
  // Else many restores in a row, each of which writes every page, would be faster than the checkpointer and the log would grow. What
  // readers or the checkpointer itself keep this from doing, the next one does.
  sqlite3_wal_checkpoint_v2(to.handle(), kMain, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  schema_ = std::move(stamped);
  return schema_;
}

}  // namespace parsimony
