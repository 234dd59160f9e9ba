#include "storage/sql/select.h"

#include "storage/row_codec.h"
#include "storage/sql/collate.h"
#include "storage/sql/filter_compiler.h"
#include "storage/sql/json_path.h"

namespace parsimony {
namespace {

void add_columns(const std::vector<const Field*>& fields, SqlStatement& out) {
  bool first = true;
  for (const Field* field : fields) {
    for (const std::string& column : columns_of(*field)) {
      if (!first) out.add(", ");
      out.add_name(column);
      first = false;
    }
  }
  if (first) out.add("NULL");  // a read for the rows' number alone
}

void add_from_where(const ClassSchema& of, const Filter& where, const SchemaSnapshot& classes, SqlStatement& out) {
  out.add(" FROM ").add_name(of.table);
  if (where.matches_all()) return;
  out.add(" WHERE ");
  compile_filter(where, of, classes, out);
}

void add_score(const Constraint& search, const Field& field, SqlStatement& out) {
  out.add("parse_text_score(").add_name(field.column).add(", ").add_value(matcher_spec(search)).add(")");
}

void add_measure(const Constraint& measure, const Field& field, SqlStatement& out) {
  if (measure.comparison == Comparison::Text) return add_score(measure, field, out);
  const auto columns = columns_of(field);
  out.add("parse_distance(").add_name(columns[0]).add(", ").add_name(columns[1]).add(", ").add_value(matcher_spec(measure)).add(")");
}

bool add_sort_key(const SortKey& key, const ClassSchema& of, SqlStatement& out) {
  const Field* field = of.find(key.path.field);
  if (!field) return false;
  if (key.measure) {
    const FieldType measured = key.measure->comparison == Comparison::Text ? FieldType::String : FieldType::GeoPoint;
    if (field->spec.type != measured || !key.path.inner.empty()) return false;
    add_measure(*key.measure, *field, out);
    out.add(key.descending ? " DESC" : " ASC");
    return true;
  }
  switch (field->spec.type) {
    case FieldType::Acl:
    case FieldType::Relation:
    case FieldType::GeoPoint: return false;
    default: break;
  }
  if (key.path.inner.empty()) {
    out.add_name(field->column).add(field->spec.type == FieldType::String ? collate(key.collation) : "");
  } else if (field->spec.type == FieldType::Object || field->spec.type == FieldType::Array) {
    out.add("json_extract(").add_name(field->column).add(", ").add_value(json_path(key.path.inner)).add(")");
  } else {
    return false;
  }
  out.add(key.descending ? " DESC" : " ASC");
  return true;
}

// Rows that the keys leave equal come in insertion order, so that pages neither repeat nor miss one.
void add_order(const Select& select, SqlStatement& out) {
  SqlStatement keys;
  for (const SortKey& key : select.order) {
    SqlStatement one;
    if (!add_sort_key(key, *select.of, one)) continue;
    keys.add(one.text).add(", ");
    for (Cell& value : one.values) keys.values.push_back(std::move(value));
  }
  if (keys.text.empty()) return;
  out.add(" ORDER BY ").add(keys.text).add("\"_seq\"");
  for (Cell& value : keys.values) out.values.push_back(std::move(value));
}

void add_page(const Select& select, SqlStatement& out) {
  if (!select.limit && select.skip == 0) return;
  out.add(" LIMIT ").add_value(select.limit.value_or(-1));  // -1: no limit
  if (select.skip > 0) out.add(" OFFSET ").add_value(select.skip);
}

}  // namespace

SqlStatement select_statement(const Select& select, const SchemaSnapshot& classes) {
  SqlStatement out;
  out.text.reserve(512);
  out.add("SELECT ");
  add_columns(select.fields, out);
  if (select.score) {
    out.add(", ");
    add_score(*select.score, *select.of->find(select.score->path.field), out);
  }
  add_from_where(*select.of, *select.where, classes, out);
  add_order(select, out);
  add_page(select, out);
  return out;
}

SqlStatement count_statement(const ClassSchema& of, const Filter& where, const SchemaSnapshot& classes) {
  SqlStatement out;
  out.add("SELECT count(*)");
  add_from_where(of, where, classes, out);
  return out;
}

SqlStatement sum_statement(const ClassSchema& of, const std::vector<const Field*>& fields, const Filter& where,
                           const SchemaSnapshot& classes) {
  SqlStatement out;
  // total() is a real number, 0 for no rows, where sum() would fail on integers that together are too large.
  for (const Field* field : fields) out.add(out.text.empty() ? "SELECT total(" : ", total(").add_name(field->column).add(")");
  add_from_where(of, where, classes, out);
  return out;
}

SqlStatement scan_statement(const ClassSchema& of, const std::vector<const Field*>& fields, std::int64_t position, std::int64_t limit) {
  SqlStatement out;
  out.add("SELECT ");
  add_columns(fields, out);
  out.add(", \"_seq\" FROM ").add_name(of.table).add(" WHERE \"_seq\" > ").add_value(position);
  out.add(" ORDER BY \"_seq\" LIMIT ").add_value(limit);
  return out;
}

SqlStatement join_rows_statement(const Field& relation, const JoinRow& after, std::int64_t limit) {
  SqlStatement out;
  out.add(R"(SELECT "owningId", "relatedId" FROM )").add_name(relation.column).add(R"( WHERE ("owningId", "relatedId") > ()");
  out.add_value(after.owning_id).add(", ").add_value(after.related_id);
  out.add(R"() ORDER BY "owningId", "relatedId" LIMIT )").add_value(limit);
  return out;
}

}  // namespace parsimony
