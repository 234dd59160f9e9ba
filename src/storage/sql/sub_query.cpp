#include "storage/sql/sub_query.h"

#include "storage/row_codec.h"
#include "storage/sql/filter_compiler.h"
#include "storage/sql/json_path.h"

namespace parsimony {
namespace {

// What the parser holds at most between a sub-query's place and the condition within it, alone and as one of the named selects.
constexpr int kSymbolsAround = 14;
constexpr int kSymbolsAroundNamed = 22;

struct Where {
  const SchemaSnapshot& classes;
  int open;  // as of compile_filter()
};

}  // namespace

// The sub-selects within one sub-select, however deep: WITH ".s0" AS (...), ".s1" AS (... IN ".s0"). SQLite's parser holds 100 symbols,
// which is four sub-selects within each other; behind each other they take no more room than one.
struct NamedSelects {
  std::vector<SqlStatement> selects;  // the inner ones first
  int open;                           // at the condition of each

  static std::string name(std::size_t index) { return quoted_name(".s" + std::to_string(index)); }
};

namespace {

// "(SELECT ...)", which `compile` writes, or the name of that select when it stands within another one.
template <typename Compile>
void add_select(SqlStatement& out, int open, Compile compile) {
  NamedSelects own{{}, open + kSymbolsAroundNamed - kSymbolsAround};
  SqlStatement select;
  select.named = out.named ? out.named : &own;
  compile(select);
  if (out.named) {
    auto& selects = out.named->selects;
    out.add(NamedSelects::name(selects.size()));
    selects.push_back(std::move(select));
    return;
  }
  out.add("(");
  for (std::size_t i = 0; i < own.selects.size(); ++i) {
    out.add(i == 0 ? "WITH " : ", ")
        .add(NamedSelects::name(i))
        .add(" AS (")
        .add(own.selects[i])
        .add(i + 1 == own.selects.size() ? ") " : ")");
  }
  out.add(select).add(")");
}

bool holds_json(const Field& field) { return field.spec.type == FieldType::Object || field.spec.type == FieldType::Array; }

// A column of this class, also from within a SELECT that has columns of its own.
std::string column_of(const ClassSchema& of, const Field& field) { return quoted_name(of.table) + "." + quoted_name(field.column); }

// " FROM T WHERE ... LIMIT n"
void add_rows(const SubQuery& sub_query, const ClassSchema& from, const Where& at, std::string_view more_from, std::string_view more_where,
              SqlStatement& out) {
  out.add(" FROM ");
  if (!sub_query.limit) {
    out.add_name(from.table).add(more_from).add(" WHERE ").add(more_where);
    compile_filter(sub_query.where.front(), from, at.classes, out, at.open);
    return;
  }
  out.add("(SELECT * FROM ").add_name(from.table).add(" WHERE ");
  compile_filter(sub_query.where.front(), from, at.classes, out, at.open);
  out.add(" LIMIT ")
      .add_value(*sub_query.limit)
      .add(") AS ")
      .add_name(from.table)
      .add(more_from)
      .add(" WHERE ")
      .add(more_where)
      .add("TRUE");
}

// ---- Pointers to the objects

void add_object_ids(const SubQuery& sub_query, const ClassSchema& from, const Where& at, SqlStatement& out) {
  add_select(out, at.open, [&](SqlStatement& select) {
    select.add("SELECT \"objectId\"");
    add_rows(sub_query, from, at, "", "", select);
  });
}

// A pointer, or an array with pointers, at the end of a way into a JSON column.
void json_points_into(const SubQuery& sub_query, const ClassSchema& of, const Field& field, const ClassSchema& from, const Where& at,
                      SqlStatement& out) {
  const std::string column = column_of(of, field);
  const std::string path = json_path(sub_query.path.inner);
  out.add("(EXISTS (SELECT 1 FROM json_each(CASE json_type(").add(column).add(", ").add_value(path).add(") WHEN 'array' THEN ");
  out.add(column).add(" -> ").add_value(path).add(" WHEN 'object' THEN json_array(json(").add(column).add(" -> ").add_value(path);
  out.add(")) END) AS \".e\" WHERE \".e\".type = 'object' AND json_extract(\".e\".value, '$.__type') = 'Pointer'");
  out.add(" AND json_extract(\".e\".value, '$.className') = ").add_value(from.name());
  out.add(" AND json_extract(\".e\".value, '$.objectId') IN ");
  add_object_ids(sub_query, from, at, out);
  out.add("))");
}

void points_into(const SubQuery& sub_query, const ClassSchema& of, const Field& field, const ClassSchema& from, const Where& at,
                 SqlStatement& out) {
  const bool whole = sub_query.path.inner.empty();
  if (holds_json(field)) {
    json_points_into(sub_query, of, field, from, at, out);
  } else if (whole && field.spec == FieldSpec{FieldType::Pointer, from.name()}) {
    out.add("(").add_name(field.column).add(" IS NOT NULL AND ").add_name(field.column).add(" IN ");
    add_object_ids(sub_query, from, at, out);
    out.add(")");
  } else if (whole && field.spec == FieldSpec{FieldType::Relation, from.name()}) {
    out.add("\"objectId\" IN (SELECT \"owningId\" FROM ").add_name(field.column).add(" WHERE \"relatedId\" IN ");
    add_object_ids(sub_query, from, at, out);
    out.add(")");
  } else {
    out.add("FALSE");
  }
}

// ---- Values of a key

bool is_comparable_column(const Field& field) {
  switch (field.spec.type) {
    case FieldType::String:
    case FieldType::Number:
    case FieldType::Boolean:
    case FieldType::Date:
    case FieldType::Pointer: return true;
    default: return false;
  }
}

// Whether values of the two can be compared as their columns hold them. A text counts as the id of a pointer.
bool columns_compare(const SubQuery& sub_query, const Field& field, const Field& key) {
  if (!sub_query.path.inner.empty() || !sub_query.key->inner.empty()) return false;
  if (!is_comparable_column(field) || !is_comparable_column(key)) return false;
  return field.spec == key.spec || (field.spec.type == FieldType::Pointer && key.spec.type == FieldType::String);
}

// The field's value as JSON text in Parse's encoding; false for a field that has none.
bool add_json_value(const ClassSchema& of, const Field& field, const FieldPath& path, SqlStatement& out) {
  const std::string column = column_of(of, field);
  if (holds_json(field)) {
    out.add(column);
    if (!path.inner.empty()) out.add(" -> ").add_value(json_path(path.inner));
    return true;
  }
  if (!path.inner.empty()) return false;
  switch (field.spec.type) {
    case FieldType::String:
    case FieldType::Number: out.add("json_quote(").add(column).add(")"); return true;
    case FieldType::Boolean: out.add("CASE ").add(column).add(" WHEN 1 THEN 'true' WHEN 0 THEN 'false' END"); return true;
    case FieldType::Date: out.add("json_object('__type', 'Date', 'iso', ").add(column).add(")"); break;
    case FieldType::Bytes: out.add("json_object('__type', 'Bytes', 'base64', ").add(column).add(")"); break;
    case FieldType::Pointer:
      out.add("json_object('__type', 'Pointer', 'className', ").add_value(field.spec.target_class).add(", 'objectId', ");
      out.add(column).add(")");
      break;
    default: return false;
  }
  return true;
}

bool json_values_compare(const SubQuery& sub_query, const ClassSchema& of, const Field& field, const ClassSchema& from, const Field& key,
                         const Where& at, SqlStatement& out) {
  SqlStatement value, values;
  if (!add_json_value(of, field, sub_query.path, value) || !add_json_value(from, key, *sub_query.key, values)) return false;
  out.add("EXISTS (SELECT 1 FROM json_each(parse_keys(").add(value).add(", 0)) AS \".e\" WHERE \".e\".value IN ");
  add_select(out, at.open, [&](SqlStatement& select) {
    select.add("SELECT \".k\".value");
    add_rows(sub_query, from, at, ", json_each(parse_keys(" + values.text + ", 1)) AS \".k\"", "", select);
    // The values bound in the FROM come behind those of a SELECT within it and before those of the WHERE.
    const auto before_values = sub_query.limit ? select.values.end() : select.values.begin();
    select.values.insert(before_values, values.values.begin(), values.values.end());
  });
  out.add(")");
  return true;
}

void selects(const SubQuery& sub_query, const ClassSchema& of, const Field& field, const ClassSchema& from, const Where& at,
             SqlStatement& out) {
  const Field* key = from.find(sub_query.key->field);
  if (!key) return void(out.add("FALSE"));
  if (columns_compare(sub_query, field, *key)) {
    out.add("(").add_name(field.column).add(" IS NOT NULL AND ").add_name(field.column).add(" IN ");
    add_select(out, at.open, [&](SqlStatement& select) {
      select.add("SELECT ").add_name(key->column);
      add_rows(sub_query, from, at, "", quoted_name(key->column) + " IS NOT NULL AND ", select);
    });
    out.add(")");
    return;
  }
  if (!json_values_compare(sub_query, of, field, from, *key, at, out)) out.add("FALSE");
}

}  // namespace

void compile_sub_query(const SubQuery& sub_query, const ClassSchema& of, const SchemaSnapshot& classes, int open, SqlStatement& out) {
  const Where at{classes, out.named ? out.named->open : open + kSymbolsAround};
  const Field* field = of.find(sub_query.path.field);
  const ClassSchema* from = classes.find(sub_query.class_name);
  if (sub_query.negated) out.add("NOT ");
  if (!field || !from) {
    out.add("FALSE");
  } else if (sub_query.key) {
    selects(sub_query, of, *field, *from, at, out);
  } else {
    points_into(sub_query, of, *field, *from, at, out);
  }
}

}  // namespace parsimony
