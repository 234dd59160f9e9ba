#include "storage/sql/geo_index.h"

#include <string_view>

#include "storage/row_codec.h"

namespace parsimony {
namespace {

struct Columns {
  std::string latitude;
  std::string longitude;
};

Columns quoted_columns(const Field& field) {
  const std::vector<std::string> names = columns_of(field);
  return {quoted_name(names[0]), quoted_name(names[1])};
}

// The point of a row as a box of no size, or as the whole globe where its numbers are out of range: such a point lies wherever the
// function says. `row` is "NEW.", or empty within a SELECT of the class.
std::string insert(const std::string& index, const Columns& columns, const std::string& row) {
  const std::string latitude = row + columns.latitude, longitude = row + columns.longitude;
  const std::string in_range = "iif(abs(" + latitude + ") <= 90 AND abs(" + longitude + ") <= 180, ";
  return "INSERT INTO " + index + " SELECT " + row + "\"_seq\", " + in_range + latitude + ", -90), " + in_range + latitude + ", 90), " +
         in_range + longitude + ", -180), " + in_range + longitude + ", 180)";
}

std::string set_condition(const Columns& columns, const std::string& row) {
  return " WHERE " + row + columns.latitude + " IS NOT NULL AND " + row + columns.longitude + " IS NOT NULL";
}

SqlStatement trigger(const ClassSchema& of, const Field& field, const std::string& when, const std::string& event,
                     const std::string& actions) {
  SqlStatement out;
  out.add("CREATE TRIGGER ").add_name(geo_index_table(of, field) + "." + when).add(" AFTER ").add(event).add(" ON ");
  out.add_name(of.table).add(" BEGIN ").add(actions).add(" END");
  return out;
}

}  // namespace

std::string geo_index_table(const ClassSchema& of, const Field& field) { return of.table + "." + field.column + ".geo"; }

std::vector<SqlStatement> geo_index_statements(const ClassSchema& of, const Field& field) {
  const std::string index = quoted_name(geo_index_table(of, field));
  const Columns columns = quoted_columns(field);
  SqlStatement table, fill;
  table.add("CREATE VIRTUAL TABLE ").add(index).add(" USING rtree(\"id\", \"south\", \"north\", \"west\", \"east\")");
  fill.add(insert(index, columns, "")).add(" FROM ").add_name(of.table).add(set_condition(columns, ""));
  const std::string enter = insert(index, columns, "NEW.") + set_condition(columns, "NEW.") + ";";
  const std::string leave = "DELETE FROM " + index + " WHERE \"id\" = OLD.\"_seq\";";
  return {table, fill, trigger(of, field, "insert", "INSERT", enter), trigger(of, field, "delete", "DELETE", leave),
          trigger(of, field, "update", "UPDATE OF " + columns.latitude + ", " + columns.longitude, leave + " " + enter)};
}

std::vector<SqlStatement> drop_geo_index_statements(const ClassSchema& of, const Field& field) {
  std::vector<SqlStatement> out;
  for (const std::string when : {"insert", "delete", "update"}) {
    out.emplace_back().add("DROP TRIGGER ").add_name(geo_index_table(of, field) + "." + when);
  }
  out.emplace_back().add("DROP TABLE ").add_name(geo_index_table(of, field));
  return out;
}

}  // namespace parsimony
