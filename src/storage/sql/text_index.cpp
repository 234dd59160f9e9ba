#include "storage/sql/text_index.h"

#include <algorithm>
#include <string>

namespace parsimony {
namespace {

std::string quoted_text(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted.append(c == '\'' ? 2 : 1, c);
  return quoted + "'";
}

bool names_as_text(const Json& index, const std::string& field) {
  const std::string* kind = find_string(index, field);
  return kind && *kind == "text";
}

// The words of a row's old or new value leave or enter the index. A row without a value is in it too, as one without words.
std::string change(const std::string& index, const std::string& column, const std::string& row, bool leaves) {
  const std::string columns = leaves ? index + ", rowid, " : "rowid, ";
  const std::string values = leaves ? "'delete', " : "";
  return " INSERT INTO " + index + " (" + columns + column + ") VALUES (" + values + row + ".\"_seq\", " + row + "." + column + ");";
}

SqlStatement trigger(const ClassSchema& of, const Field& field, std::string_view when, std::string_view event, const std::string& actions) {
  SqlStatement out;
  out.add("CREATE TRIGGER ").add_name(text_index_table(of, field) + "." + std::string(when)).add(" AFTER ").add(event).add(" ON ");
  out.add_name(of.table).add(" BEGIN").add(actions).add(" END");
  return out;
}

}  // namespace

bool has_text_index(const ClassSchema& of, const Field& field) {
  if (field.spec.type != FieldType::String || !of.indexes.is_object()) return false;
  return std::any_of(of.indexes.begin(), of.indexes.end(), [&](const Json& index) { return names_as_text(index, field.name); });
}

std::string text_index_table(const ClassSchema& of, const Field& field) { return of.table + "." + field.column + ".text"; }

std::vector<SqlStatement> text_index_statements(const ClassSchema& of, const Field& field) {
  const std::string index = quoted_name(text_index_table(of, field));
  const std::string column = quoted_name(field.column);
  SqlStatement table;
  table.add("CREATE VIRTUAL TABLE ").add(index).add(" USING fts5(").add(column).add(", content = ").add(quoted_text(quoted_name(of.table)));
  table.add(", content_rowid = '_seq', tokenize = 'unicode61 remove_diacritics 2')");
  SqlStatement fill;
  fill.add("INSERT INTO ").add(index).add(" (rowid, ").add(column).add(") SELECT \"_seq\", ").add(column).add(" FROM ");
  fill.add_name(of.table);
  return {table, fill, trigger(of, field, "insert", "INSERT", change(index, column, "NEW", false)),
          trigger(of, field, "delete", "DELETE", change(index, column, "OLD", true)),
          trigger(of, field, "update", "UPDATE OF " + column, change(index, column, "OLD", true) + change(index, column, "NEW", false))};
}

std::vector<SqlStatement> drop_text_index_statements(const ClassSchema& of, const Field& field) {
  std::vector<SqlStatement> out;
  for (const std::string when : {"insert", "delete", "update"}) {
    out.emplace_back().add("DROP TRIGGER ").add_name(text_index_table(of, field) + "." + when);
  }
  out.emplace_back().add("DROP TABLE ").add_name(text_index_table(of, field));
  return out;
}

}  // namespace parsimony
