// What the rows between two stages of a pipeline look like, and how the values of their columns become others.
//
// Between stages every field is one column: String, Number, Boolean, Date and Pointer as they are stored (storage/row_codec.h), and
// everything else, or what may be of any type, as JSON text, for which the type Object stands. The column "_n" says where a row
// stands in order; every stage keeps it.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "storage/sql/statement.h"
#include "storage/store.h"

namespace parsimony {

// An expression of SQL and what it yields.
struct TypedSql {
  FieldSpec spec;
  SqlStatement sql;
};

// A column between stages. `field.required` marks one that is answered even when it is unset.
struct ShapeColumn {
  Field field;
  SqlStatement sql;  // how to read it
};

struct Shape {
  std::vector<ShapeColumn> columns;

  const ShapeColumn* find(std::string_view name) const;
  // Puts the column in place of one of the same name, or at the end.
  void set(std::string name, TypedSql value);
  void remove(std::string_view name);
};

inline FieldSpec json_spec() { return {FieldType::Object, {}}; }
inline TypedSql unset_value() { return {json_spec(), SqlStatement{"NULL", {}}}; }

SqlStatement& append(SqlStatement& out, const SqlStatement& part);

// The fields of a stored class, each as one value read from columns of `alias`. Relations and what only the server knows are left out.
Shape stored_shape(const ClassSchema& of, std::string_view alias, const std::string& file_prefix);

TypedSql as_json(const TypedSql& value);
TypedSql as_number(const TypedSql& value);  // NULL for what is no number
TypedSql as_text(const TypedSql& value);    // NULL for what is no string
TypedSql as_date(const TypedSql& value);    // NULL for what is no date
SqlStatement as_truth(const TypedSql& value);
// What rows are ordered and compared by: the value itself, or a key of the order of JSON values.
SqlStatement as_order(const TypedSql& value);
SqlStatement as_order_of_any(const TypedSql& value);

// The value at the end of a path; unset when the shape has no such field.
TypedSql value_at_path(const Shape& shape, const FieldPath& path);
// The whole row as JSON.
TypedSql row_as_json(const Shape& shape);
// An object of the named values, without those that are unset.
TypedSql object_of(const std::vector<std::string>& names, const std::vector<TypedSql>& values);

}  // namespace parsimony
