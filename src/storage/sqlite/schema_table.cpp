#include "storage/sqlite/schema_table.h"

#include <stdexcept>
#include <utility>

#include "storage/sql/geo_index.h"

namespace parsimony {
namespace {

constexpr std::string_view kFirstFormatVersion = "1";
constexpr std::string_view kFormatVersion = "2";

Json encode_field(const Field& field) {
  Json encoded = {{"name", field.name}, {"type", to_text(field.spec.type)}};
  if (!field.spec.target_class.empty()) encoded["targetClass"] = field.spec.target_class;
  if (field.required) encoded["required"] = true;
  if (field.default_value) encoded["defaultValue"] = *field.default_value;
  if (field.on_delete != OnDelete::None) encoded["onDelete"] = to_text(field.on_delete);
  if (field.collation != Collation::Exact) encoded["collation"] = encode_collation(field.collation);
  if (field.lookup) encoded["lookup"] = encode_collation(*field.lookup);
  encoded["column"] = field.column;
  return encoded;
}

Field decode_field_definition(const Json& encoded) {
  Field field;
  field.name = encoded.at("name").get<std::string>();
  field.spec.type = field_type_from_text(encoded.at("type").get<std::string>()).value();
  if (const auto* target = find_string(encoded, "targetClass")) field.spec.target_class = *target;
  field.required = find_member(encoded, "required") != nullptr;
  if (const Json* value = find_member(encoded, "defaultValue")) field.default_value = *value;
  if (const auto* action = find_string(encoded, "onDelete")) field.on_delete = on_delete_from_text(*action).value();
  if (const Json* collation = find_member(encoded, "collation")) field.collation = decode_collation(*collation);
  if (const Json* lookup = find_member(encoded, "lookup")) field.lookup = decode_collation(*lookup);
  field.column = encoded.at("column").get<std::string>();
  return field;
}

std::string encode_definition(const ClassSchema& definition) {
  Json encoded = {{"fields", Json::array()}};
  for (const Field& field : definition.fields()) encoded["fields"].push_back(encode_field(field));
  if (definition.permissions) encoded["classLevelPermissions"] = *definition.permissions;
  if (!definition.indexes.is_null()) encoded["indexes"] = definition.indexes;
  return to_json_text(encoded);
}

std::shared_ptr<const ClassSchema> decode_definition(std::string_view name, std::string_view table, std::string_view text) {
  const Json encoded = parse_json(text);
  std::vector<Field> fields;
  for (const Json& field : encoded.at("fields")) fields.push_back(decode_field_definition(field));
  auto definition = std::make_shared<ClassSchema>(std::string(name), std::move(fields));
  definition->table = table;
  if (const Json* permissions = find_member(encoded, "classLevelPermissions")) definition->permissions = *permissions;
  if (const Json* indexes = find_member(encoded, "indexes")) definition->indexes = *indexes;
  return definition;
}

// Format 1 had no index for GeoPoints.
void make_geo_indexes(Connection& connection) {
  const auto schema = read_schema(connection);
  for (const auto& [name, of] : schema->classes) {
    for (const Field& field : of->fields()) {
      if (field.spec.type != FieldType::GeoPoint) continue;
      for (const SqlStatement& statement : geo_index_statements(*of, field)) connection.run(statement);
    }
  }
}

void upgrade(Connection& connection, const std::string& format) {
  if (format == kFormatVersion) return;
  if (!is_known_format(format))
    throw std::runtime_error("the database was written by a newer version (format " + format + "); use that version to open it");
  make_geo_indexes(connection);
  write_meta(connection, "formatVersion", std::string(kFormatVersion));
}

}  // namespace

bool is_known_format(std::string_view format) { return format == kFirstFormatVersion || format == kFormatVersion; }

void prepare_schema_tables(Connection& connection) {
  connection.run(R"(CREATE TABLE IF NOT EXISTS "_META" ("name" TEXT PRIMARY KEY, "value" TEXT NOT NULL) WITHOUT ROWID)");
  connection.run(
      R"(CREATE TABLE IF NOT EXISTS "_SCHEMA" ("className" TEXT PRIMARY KEY, "tableName" TEXT NOT NULL, "definition" TEXT NOT NULL))");
  const auto format = read_meta(connection, "formatVersion");
  if (format) {
    upgrade(connection, *format);
  } else {
    write_meta(connection, "formatVersion", std::string(kFormatVersion));
    write_schema_version(connection, 1);
  }
}

std::int64_t read_schema_version(Connection& connection) {
  static const SqlStatement kStatement{R"(SELECT "value" FROM "_META" WHERE "name" = 'schemaVersion')", {}};
  std::int64_t version = 0;
  connection.run(kStatement, [&](const Row& row) { version = row.integer(0); });
  return version;
}

std::shared_ptr<const SchemaSnapshot> read_schema(Connection& connection) {
  auto snapshot = std::make_shared<SchemaSnapshot>();
  snapshot->version = read_schema_version(connection);
  connection.run(SqlStatement{R"(SELECT "className", "tableName", "definition" FROM "_SCHEMA")", {}},
                 [&](const Row& row) { snapshot->classes.emplace(row.text(0), decode_definition(row.text(0), row.text(1), row.text(2))); });
  return snapshot;
}

void write_class(Connection& connection, const ClassSchema& definition) {
  SqlStatement out;
  out.add(R"(INSERT OR REPLACE INTO "_SCHEMA" ("className", "tableName", "definition") VALUES ()");
  out.add_value(definition.name()).add(", ").add_value(definition.table).add(", ").add_value(encode_definition(definition)).add(")");
  connection.run(out);
}

void erase_class(Connection& connection, std::string_view class_name) {
  SqlStatement out;
  connection.run(out.add(R"(DELETE FROM "_SCHEMA" WHERE "className" = )").add_value(std::string(class_name)));
}

void write_schema_version(Connection& connection, std::int64_t version) {
  write_meta(connection, "schemaVersion", std::to_string(version));
}

std::optional<std::string> read_meta(Connection& connection, const std::string& name) {
  SqlStatement out;
  std::optional<std::string> value;
  out.add(R"(SELECT "value" FROM "_META" WHERE "name" = )").add_value(name);
  connection.run(out, [&](const Row& row) { value = row.text(0); });
  return value;
}

void write_meta(Connection& connection, const std::string& name, const std::string& value) {
  SqlStatement out;
  out.add(R"(INSERT OR REPLACE INTO "_META" ("name", "value") VALUES ()").add_value(name).add(", ").add_value(value).add(")");
  connection.run(out);
}

}  // namespace parsimony
