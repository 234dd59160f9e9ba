// A copy of a whole database, page by page, in memory.
//
// SQLite's backup makes the copy one transaction of the database that receives it: readers see the old pages until it is committed,
// and everybody's prepared statements notice by themselves that tables may be others. The version of the classes never comes twice
// (schema_table.h): an image that is written gets a new one first.
#pragma once
#include <cstdint>
#include <memory>

#include "storage/sqlite/connection.h"
#include "storage/store.h"
#include "types/class_schema.h"

namespace parsimony {

std::uint64_t database_bytes(Connection& connection);

class SqliteImage final : public StoreImage {
 public:
  // `from` runs no statement meanwhile and is the one that writes; `schema` are its classes.
  SqliteImage(Connection& from, std::shared_ptr<const SchemaSnapshot> schema);

  // In one transaction. Returns the classes that the database has now, with the version given. The writer's thread only.
  std::shared_ptr<const SchemaSnapshot> write_to(Connection& to, std::int64_t schema_version);

  std::uint64_t bytes() const override { return bytes_; }

 private:
  Connection pages_;
  std::shared_ptr<const SchemaSnapshot> schema_;
  std::uint64_t bytes_ = 0;
};

}  // namespace parsimony
