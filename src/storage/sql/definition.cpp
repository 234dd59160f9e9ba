#include "storage/sql/definition.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "storage/row_codec.h"
#include "storage/sql/collate.h"
#include "storage/sql/geo_index.h"

namespace parsimony {
namespace {

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

// The engine compares names without regard to ASCII case.
using TakenNames = std::set<std::string>;

// A table "json_each" would hide the function that the conditions of $in use.
bool is_reserved_by_engine(std::string_view name) { return name.starts_with("sqlite_") || name == "json_each"; }

std::string free_name(const std::string& wanted, const TakenNames& taken) {
  std::string name = wanted;
  const bool is_reserved = is_reserved_by_engine(lower_case(wanted));
  for (int n = 2; taken.contains(lower_case(name)) || (is_reserved && n == 2); ++n) {
    name = is_reserved ? "$" + std::to_string(n) + wanted : wanted + "$" + std::to_string(n);
  }
  return name;
}

TakenNames table_names(const SchemaSnapshot& classes) {
  TakenNames names;
  for (const auto& [name, schema] : classes.classes) {
    names.insert(lower_case(schema->table));
    for (const Field& field : schema->fields()) {
      if (field.spec.type == FieldType::Relation) names.insert(lower_case(field.column));
    }
  }
  return names;
}

std::string choose_column(const Field& field, const std::string& class_name, TakenNames& tables, TakenNames& columns) {
  if (field.spec.type == FieldType::Acl) return {};
  const bool is_relation = field.spec.type == FieldType::Relation;
  TakenNames& taken = is_relation ? tables : columns;
  const std::string name = free_name(is_relation ? "_Join:" + field.name + ":" + class_name : field.name, taken);
  taken.insert(lower_case(name));
  return name;
}

bool is_indexed(const Field& field) { return field.spec.type == FieldType::Pointer || field.lookup; }
std::string index_name(const ClassSchema& of, const Field& field) { return of.table + "." + field.column; }

std::string_view column_type(const Field& field) {
  switch (field.spec.type) {
    case FieldType::Number:
    case FieldType::Boolean: return " NUMERIC";
    case FieldType::GeoPoint: return " REAL";
    default: return " TEXT";
  }
}

std::string_view column_constraint(const Field& field) {
  if (field.name == "objectId") return " NOT NULL UNIQUE";
  if (field.name == "createdAt" || field.name == "updatedAt") return " NOT NULL";
  return "";
}

void add_column_definitions(const Field& field, SqlStatement& out) {
  for (const std::string& column : columns_of(field)) {
    out.add(", ").add_name(column).add(column_type(field)).add(column_constraint(field));
  }
}

void append(std::vector<SqlStatement>& out, std::vector<SqlStatement> more) {
  std::move(more.begin(), more.end(), std::back_inserter(out));
}

SqlStatement create_index(const ClassSchema& of, const Field& field) {
  SqlStatement out;
  out.add("CREATE INDEX ").add_name(index_name(of, field)).add(" ON ").add_name(of.table).add(" (").add_name(field.column);
  out.add(collate(field.lookup.value_or(Collation::Exact))).add(")");
  return out;
}

// What is made beside the columns of a field and goes with them.
void add_companions(const ClassSchema& of, const Field& field, std::vector<SqlStatement>& out) {
  if (is_indexed(field)) out.push_back(create_index(of, field));
  if (field.spec.type == FieldType::GeoPoint) append(out, geo_index_statements(of, field));
}

SqlStatement drop(std::string_view kind, std::string_view name) {
  SqlStatement out;
  out.add("DROP ").add(kind).add(" ").add_name(name);
  return out;
}

void add_join_table(const Field& relation, std::vector<SqlStatement>& out) {
  SqlStatement table;
  table.add("CREATE TABLE ").add_name(relation.column);
  table.add(R"( ("owningId" TEXT NOT NULL, "relatedId" TEXT NOT NULL, PRIMARY KEY ("owningId", "relatedId")) WITHOUT ROWID)");
  SqlStatement index;
  index.add("CREATE INDEX ").add_name(relation.column + ".relatedId").add(" ON ").add_name(relation.column);
  index.add(R"( ("relatedId", "owningId"))");
  out.push_back(std::move(table));
  out.push_back(std::move(index));
}

}  // namespace

ClassSchema with_physical_names(const ClassSchema& definition, const SchemaSnapshot& existing) {
  TakenNames tables = table_names(existing);
  TakenNames columns;
  ClassSchema named(definition.name(), {});
  std::vector<Field> fields = definition.fields();
  const std::string table = free_name(definition.name(), tables);
  tables.insert(lower_case(table));
  for (Field& field : fields) field.column = choose_column(field, definition.name(), tables, columns);
  named = ClassSchema(definition.name(), std::move(fields));
  named.table = table;
  named.permissions = definition.permissions;
  named.indexes = definition.indexes;
  return named;
}

void choose_physical_names(std::vector<Field>& fields, const ClassSchema& of, const SchemaSnapshot& existing) {
  TakenNames tables = table_names(existing);
  TakenNames columns;
  for (const Field& other : of.fields()) columns.insert(lower_case(other.column));
  for (Field& field : fields) field.column = choose_column(field, of.name(), tables, columns);
}

std::vector<SqlStatement> create_class_statements(const ClassSchema& definition) {
  std::vector<SqlStatement> out(1);
  out[0].add("CREATE TABLE ").add_name(definition.table).add(R"( ("_seq" INTEGER PRIMARY KEY)");
  for (const Field& field : definition.fields()) add_column_definitions(field, out[0]);
  out[0].add(")");
  for (const Field& field : definition.fields()) {
    add_companions(definition, field, out);
    if (field.spec.type == FieldType::Relation) add_join_table(field, out);
  }
  return out;
}

std::vector<SqlStatement> drop_class_statements(const ClassSchema& definition) {
  std::vector<SqlStatement> out;
  for (const Field& field : definition.fields()) {
    if (field.spec.type == FieldType::GeoPoint) append(out, drop_geo_index_statements(definition, field));
  }
  out.push_back(drop("TABLE", definition.table));
  for (const Field& field : definition.fields()) {
    if (field.spec.type == FieldType::Relation) out.push_back(drop("TABLE", field.column));
  }
  return out;
}

std::vector<SqlStatement> add_field_statements(const ClassSchema& to, const Field& field) {
  std::vector<SqlStatement> out;
  if (field.spec.type == FieldType::Relation) add_join_table(field, out);
  for (const std::string& column : columns_of(field)) {
    SqlStatement alter;
    alter.add("ALTER TABLE ").add_name(to.table).add(" ADD COLUMN ").add_name(column).add(column_type(field));
    out.push_back(std::move(alter));
  }
  add_companions(to, field, out);
  return out;
}

std::vector<SqlStatement> lookup_change_statements(const ClassSchema& before, const ClassSchema& after) {
  std::vector<SqlStatement> out;
  for (const Field& field : after.fields()) {
    const Field* known = before.find(field.name);
    if (!known || known->lookup == field.lookup) continue;
    if (is_indexed(*known)) out.push_back(drop("INDEX", index_name(before, *known)));
    if (is_indexed(field)) out.push_back(create_index(after, field));
  }
  return out;
}

std::vector<SqlStatement> drop_field_statements(const ClassSchema& from, const Field& field) {
  std::vector<SqlStatement> out;
  if (field.spec.type == FieldType::Relation) out.push_back(drop("TABLE", field.column));
  if (is_indexed(field)) out.push_back(drop("INDEX", index_name(from, field)));
  if (field.spec.type == FieldType::GeoPoint) append(out, drop_geo_index_statements(from, field));
  for (const std::string& column : columns_of(field)) {
    SqlStatement alter;
    alter.add("ALTER TABLE ").add_name(from.table).add(" DROP COLUMN ").add_name(column);
    out.push_back(std::move(alter));
  }
  return out;
}

}  // namespace parsimony
