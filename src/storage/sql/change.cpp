#include "storage/sql/change.h"

#include "storage/row_codec.h"

namespace parsimony {
namespace {

struct Columns {
  std::vector<std::string> names;
  std::vector<Cell> values;
};

Columns columns_for(const FieldValues& values) {
  Columns columns;
  for (const FieldValue& value : values) {
    for (std::string& name : columns_of(*value.field)) columns.names.push_back(std::move(name));
    encode_cells(*value.field, value.value, columns.values);
  }
  return columns;
}

SqlStatement& add_object_id_condition(SqlStatement& out, std::string_view object_id) {
  return out.add(R"( WHERE "objectId" = )").add_value(std::string(object_id));
}

}  // namespace

SqlStatement insert_statement(const ClassSchema& into, const FieldValues& values) {
  Columns columns = columns_for(values);
  SqlStatement out;
  out.add("INSERT INTO ").add_name(into.table).add(" (");
  for (std::size_t i = 0; i < columns.names.size(); ++i) out.add(i == 0 ? "" : ", ").add_name(columns.names[i]);
  out.add(") VALUES (");
  for (std::size_t i = 0; i < columns.values.size(); ++i) out.add(i == 0 ? "" : ", ").add_value(std::move(columns.values[i]));
  out.add(")");
  return out;
}

SqlStatement update_statement(const ClassSchema& in, std::string_view object_id, const FieldValues& values) {
  Columns columns = columns_for(values);
  SqlStatement out;
  out.add("UPDATE ").add_name(in.table).add(" SET ");
  for (std::size_t i = 0; i < columns.names.size(); ++i) {
    out.add(i == 0 ? "" : ", ").add_name(columns.names[i]).add(" = ").add_value(std::move(columns.values[i]));
  }
  add_object_id_condition(out, object_id);
  return out;
}

SqlStatement delete_statement(const ClassSchema& from, std::string_view object_id) {
  SqlStatement out;
  out.add("DELETE FROM ").add_name(from.table);
  add_object_id_condition(out, object_id);
  return out;
}

SqlStatement add_join_row_statement(const Field& relation, std::string_view owning_id, std::string_view related_id) {
  SqlStatement out;
  out.add("INSERT INTO ").add_name(relation.column).add(R"( ("owningId", "relatedId") VALUES ()");
  out.add_value(std::string(owning_id)).add(", ").add_value(std::string(related_id)).add(") ON CONFLICT DO NOTHING");
  return out;
}

SqlStatement remove_join_row_statement(const Field& relation, std::string_view owning_id, std::string_view related_id) {
  SqlStatement out;
  out.add("DELETE FROM ").add_name(relation.column).add(R"( WHERE "owningId" = )").add_value(std::string(owning_id));
  out.add(R"( AND "relatedId" = )").add_value(std::string(related_id));
  return out;
}

SqlStatement remove_join_rows_statement(const Field& relation, JoinSide side, std::string_view object_id) {
  SqlStatement out;
  out.add("DELETE FROM ").add_name(relation.column).add(side == JoinSide::Owning ? R"( WHERE "owningId" = )" : R"( WHERE "relatedId" = )");
  out.add_value(std::string(object_id));
  return out;
}

std::vector<SqlStatement> remove_all_statements(const ClassSchema& from) {
  std::vector<SqlStatement> out(1);
  out[0].add("DELETE FROM ").add_name(from.table);
  for (const Field& field : from.fields()) {
    if (field.spec.type == FieldType::Relation) out.emplace_back().add("DELETE FROM ").add_name(field.column);
  }
  return out;
}

}  // namespace parsimony
