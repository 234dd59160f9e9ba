#include "storage/sql/aggregate_shape.h"

#include <algorithm>

#include "query/expression_split.h"
#include "storage/row_codec.h"

namespace parsimony {
namespace {

bool is_secret(const Field& field) { return field.name.starts_with('_') || field.name == "password"; }

// Values that pass between stages as they are stored.
bool is_plain(FieldType type) {
  switch (type) {
    case FieldType::String:
    case FieldType::Number:
    case FieldType::Boolean:
    case FieldType::Date:
    case FieldType::Pointer: return true;
    default: return false;
  }
}

SqlStatement call(std::string_view function, const SqlStatement& argument) {
  SqlStatement out;
  out.add(function).add("(");
  return append(out, argument).add(")");
}

// agg_json(type, class or file prefix, columns...)
SqlStatement json_of_columns(const FieldSpec& spec, const std::string& extra, const std::vector<SqlStatement>& columns) {
  SqlStatement out;
  out.add("agg_json(" + std::to_string(static_cast<int>(spec.type)) + ", ").add_value(extra);
  for (const SqlStatement& column : columns) append(out.add(", "), column);
  return std::move(out.add(")"));
}

TypedSql stored_value(const Field& field, std::string_view alias, const std::string& file_prefix) {
  std::vector<SqlStatement> columns;
  for (const std::string& column : columns_of(field)) columns.emplace_back().add(alias).add(".").add_name(column);
  if (is_plain(field.spec.type)) return {field.spec, columns.front()};
  const bool is_json = field.spec.type == FieldType::Object || field.spec.type == FieldType::Array;
  return {json_spec(), is_json ? columns.front() : json_of_columns(field.spec, file_prefix, columns)};
}

}  // namespace

SqlStatement& append(SqlStatement& out, const SqlStatement& part) {
  out.text += part.text;
  out.values.insert(out.values.end(), part.values.begin(), part.values.end());
  return out;
}

const ShapeColumn* Shape::find(std::string_view name) const {
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const ShapeColumn& c) { return c.field.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

void Shape::set(std::string name, TypedSql value) {
  ShapeColumn column;
  column.field.name = std::move(name);
  column.field.spec = std::move(value.spec);
  column.sql = std::move(value.sql);
  for (ShapeColumn& existing : columns) {
    if (existing.field.name == column.field.name) return void(existing = std::move(column));
  }
  columns.push_back(std::move(column));
}

void Shape::remove(std::string_view name) {
  std::erase_if(columns, [&](const ShapeColumn& column) { return column.field.name == name; });
}

Shape stored_shape(const ClassSchema& of, std::string_view alias, const std::string& file_prefix) {
  Shape shape;
  for (const Field& field : of.fields()) {
    if (field.spec.type != FieldType::Relation && !is_secret(field)) shape.set(field.name, stored_value(field, alias, file_prefix));
  }
  return shape;
}

TypedSql as_json(const TypedSql& value) {
  if (value.spec.type == FieldType::Object) return value;
  return {json_spec(), json_of_columns(value.spec, value.spec.target_class, {value.sql})};
}

TypedSql as_number(const TypedSql& value) {
  const FieldSpec number{FieldType::Number, {}};
  if (value.spec.type == FieldType::Number) return value;
  if (value.spec.type == FieldType::Object) return {number, call("agg_number", value.sql)};
  return {number, SqlStatement{"NULL", {}}};
}

TypedSql as_text(const TypedSql& value) {
  const FieldSpec text{FieldType::String, {}};
  if (value.spec.type == FieldType::String) return value;
  if (value.spec.type == FieldType::Object) return {text, call("agg_text", value.sql)};
  return {text, SqlStatement{"NULL", {}}};
}

TypedSql as_date(const TypedSql& value) {
  const FieldSpec date{FieldType::Date, {}};
  if (value.spec.type == FieldType::Date) return value;
  if (value.spec.type == FieldType::Object) return {date, call("agg_date", value.sql)};
  return {date, SqlStatement{"NULL", {}}};
}

SqlStatement as_truth(const TypedSql& value) {
  SqlStatement out;
  switch (value.spec.type) {
    case FieldType::Number:
    case FieldType::Boolean: return std::move(append(out.add("IFNULL("), value.sql).add(" <> 0, 0)"));
    case FieldType::Object: return call("agg_truth", value.sql);
    default: return std::move(append(out.add("("), value.sql).add(" IS NOT NULL)"));
  }
}

SqlStatement as_order(const TypedSql& value) { return value.spec.type == FieldType::Object ? call("agg_order", value.sql) : value.sql; }

SqlStatement as_order_of_any(const TypedSql& value) { return call("agg_order", as_json(value).sql); }

TypedSql value_at_path(const Shape& shape, const FieldPath& path) {
  const ShapeColumn* column = shape.find(path.field);
  if (column == nullptr) return unset_value();
  if (path.inner.empty()) return {column->field.spec, column->sql};
  const bool is_id_of_pointer = path.inner.size() == 1 && (path.inner[0] == "objectId" || path.inner[0] == "_id");
  if (column->field.spec.type == FieldType::Pointer && is_id_of_pointer) return {{FieldType::String, {}}, column->sql};
  if (column->field.spec.type != FieldType::Object) return unset_value();
  SqlStatement out;
  append(out.add("agg_path("), column->sql).add(", ").add_value(to_json_text(Json(path.inner))).add(")");
  return {json_spec(), std::move(out)};
}

TypedSql row_as_json(const Shape& shape) {
  std::vector<std::string> names;
  std::vector<TypedSql> values;
  for (const ShapeColumn& column : shape.columns) {
    if (is_part_name(column.field.name)) continue;
    names.push_back(column.field.name);
    values.push_back({column.field.spec, column.sql});
  }
  return object_of(names, values);
}

TypedSql object_of(const std::vector<std::string>& names, const std::vector<TypedSql>& values) {
  constexpr std::size_t kPairsInCall = 40;  // SQLite allows 127 arguments
  const bool is_one_call = names.size() <= kPairsInCall;
  SqlStatement out;
  if (!is_one_call) out.add("agg_merge(");
  for (std::size_t i = 0; i == 0 || i < names.size(); i += kPairsInCall) {
    out.add(i == 0 ? "agg_object(" : ", agg_object(");
    for (std::size_t k = i; k < std::min(names.size(), i + kPairsInCall); ++k) {
      append(out.add(k == i ? "" : ", ").add_value(names[k]).add(", "), as_json(values[k]).sql);
    }
    out.add(")");
  }
  if (!is_one_call) out.add(")");
  return {json_spec(), std::move(out)};
}

}  // namespace parsimony
