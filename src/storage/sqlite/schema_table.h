// The tables in which the database describes itself.
//
//   "_SCHEMA" ("className" TEXT PRIMARY KEY, "tableName" TEXT, "definition" TEXT)
//       definition: {"fields":[{"name","type","targetClass"?,"required"?,"defaultValue"?,"onDelete"?,"collation"?,"lookup"?,"column"}],
//                    "classLevelPermissions"?, "indexes"?}, in the order in which the fields were defined
//   "_META" ("name" TEXT PRIMARY KEY, "value" TEXT)
//       "formatVersion" of the database (2: GeoPoints are indexed, see storage/sql/geo_index.h), "schemaVersion" (rises with each change of
//       "_SCHEMA"), and "note:..." for Reads::note()
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "storage/sqlite/connection.h"
#include "types/class_schema.h"

namespace parsimony {

// Makes the tables when they are not there, and brings a database of an older format up to this one. Within a transaction. Throws
// std::runtime_error for a database of a format that is not ours.
void prepare_schema_tables(Connection& connection);

// Whether this version can open a database of that format.
bool is_known_format(std::string_view format);

std::int64_t read_schema_version(Connection& connection);
std::shared_ptr<const SchemaSnapshot> read_schema(Connection& connection);
void write_class(Connection& connection, const ClassSchema& definition);
void erase_class(Connection& connection, std::string_view class_name);
void write_schema_version(Connection& connection, std::int64_t version);

std::optional<std::string> read_meta(Connection& connection, const std::string& name);
void write_meta(Connection& connection, const std::string& name, const std::string& value);

}  // namespace parsimony
