#include "storage/sql/expression_compiler.h"

#include <span>

#include "types/date.h"
#include "types/field_type.h"
#include "types/pointer.h"

namespace parsimony {
namespace {

const FieldSpec kNumber{FieldType::Number, {}};
const FieldSpec kText{FieldType::String, {}};
const FieldSpec kTruth{FieldType::Boolean, {}};
const FieldSpec kDate{FieldType::Date, {}};

TypedSql bound(FieldSpec spec, Cell value) {
  TypedSql out{std::move(spec), {}};
  out.sql.add_value(std::move(value));
  return out;
}

TypedSql literal(const Json& value) {
  if (value.is_null()) return unset_value();
  if (value.is_boolean()) return {kTruth, SqlStatement{value.get<bool>() ? "1" : "0", {}}};
  if (value.is_number_float()) return bound(kNumber, value.get<double>());
  if (value.is_number()) return bound(kNumber, value.get<std::int64_t>());
  if (value.is_string()) return bound(kText, value.get<std::string>());
  if (const auto pointer = decode_pointer(value)) return bound({FieldType::Pointer, pointer->class_name}, pointer->object_id);
  if (const auto iso = value.is_object() ? decode_date(value) : std::nullopt) return bound(kDate, *iso);
  return bound(json_spec(), to_json_text(value));
}

using Values = std::vector<TypedSql>;
using Parts = std::span<const SqlStatement>;

TypedSql call(FieldSpec spec, std::string_view function, Parts arguments) {
  TypedSql out{std::move(spec), {}};
  out.sql.add(function).add("(");
  for (std::size_t i = 0; i < arguments.size(); ++i) append(out.sql.add(i == 0 ? "" : ", "), arguments[i]);
  out.sql.add(")");
  return out;
}

// Halves and halves again, because SQLite limits the depth of an expression.
void join(SqlStatement& out, Parts parts, std::string_view sign) {
  if (parts.size() == 1) return void(append(out, parts.front()));
  const std::size_t half = parts.size() / 2;
  out.add("(");
  join(out, parts.first(half), sign);
  out.add(sign);
  join(out, parts.subspan(half), sign);
  out.add(")");
}

TypedSql chain(FieldSpec spec, std::string_view sign, Parts parts) {
  TypedSql out{std::move(spec), {}};
  join(out.sql, parts, sign);
  return out;
}

// JavaScript's numbers: never SQLite's division of whole numbers, never an overflow.
SqlStatement real(const TypedSql& value) {
  SqlStatement out;
  return std::move(append(out.add("CAST("), as_number(value).sql).add(" AS REAL)"));
}

SqlStatement text(std::string_view function, const SqlStatement& argument) {
  SqlStatement out;
  return std::move(append(out.add(function).add("("), argument).add(")"));
}

std::vector<SqlStatement> each(const Values& values, SqlStatement (*convert)(const TypedSql&)) {
  std::vector<SqlStatement> out;
  for (const TypedSql& value : values) out.push_back(convert(value));
  return out;
}

SqlStatement text_part(const TypedSql& value) { return as_text(value).sql; }
SqlStatement json_part(const TypedSql& value) { return as_json(value).sql; }

bool is_date(const TypedSql& value) { return value.spec == kDate; }
// Milliseconds of a date, or the number.
SqlStatement amount(const TypedSql& value) { return is_date(value) ? text("agg_date_ms", value.sql) : real(value); }
TypedSql date_of(const TypedSql& ms) { return {kDate, text("agg_ms_date", ms.sql)}; }

// All values under one type, so that one column can hold any of them.
std::vector<SqlStatement> under_one_type(const Values& values, FieldSpec& spec) {
  spec = values.front().spec;
  bool is_same = true;
  for (const TypedSql& value : values) is_same = is_same && value.spec == spec;
  if (!is_same) spec = json_spec();
  return each(values, is_same ? [](const TypedSql& value) { return value.sql; } : json_part);
}

class ExpressionCompiler {
 public:
  explicit ExpressionCompiler(const Shape& shape) : shape_(shape) {}

  TypedSql compile(const Expression& expression) const {
    switch (expression.kind) {
      case Expression::Kind::Literal: return literal(expression.literal);
      case Expression::Kind::Field: return value_at_path(shape_, expression.path);
      case Expression::Kind::Root: return row_as_json(shape_);
      case Expression::Kind::Object: return object_of(expression.names, compile_all(expression.arguments));
      case Expression::Kind::Array: return list(expression);
      case Expression::Kind::Call: return compile_call(expression);
    }
    return unset_value();
  }

 private:
  Values compile_all(const std::vector<Expression>& expressions) const {
    Values values;
    for (const Expression& expression : expressions) values.push_back(compile(expression));
    return values;
  }

  // Lists longer than SQLite's limit of arguments are joined from shorter ones.
  TypedSql list(const Expression& expression) const {
    constexpr std::size_t kInCall = 100;
    const auto parts = each(compile_all(expression.arguments), json_part);
    if (parts.size() <= kInCall) return call(json_spec(), "agg_list", parts);
    std::vector<SqlStatement> lists;
    for (std::size_t i = 0; i < parts.size(); i += kInCall) {
      lists.push_back(call(json_spec(), "agg_list", Parts(parts).subspan(i, std::min(kInCall, parts.size() - i))).sql);
    }
    return call(json_spec(), "agg_join", lists);
  }

  TypedSql compile_call(const Expression& expression) const {
    const Values values = compile_all(expression.arguments);
    switch (expression.op) {
      case ExpressionOp::Add: return sum(values);
      case ExpressionOp::Subtract: return difference(values);
      case ExpressionOp::Multiply: return chain(kNumber, " * ", each(values, real));
      case ExpressionOp::Divide: return chain(kNumber, " / ", each(values, real));
      case ExpressionOp::Math: return math(expression.detail, values);
      case ExpressionOp::Concat: return chain(kText, " || ", each(values, text_part));
      case ExpressionOp::ToUpper: return {kText, text("upper", letters(values[0]))};
      case ExpressionOp::ToLower: return {kText, text("lower", letters(values[0]))};
      case ExpressionOp::Length: return {kNumber, text("length", text_part(values[0]))};
      case ExpressionOp::Substring: return substring(values);
      case ExpressionOp::ToText: return {kText, text("agg_shown", json_part(values[0]))};
      case ExpressionOp::Cond: return condition(values);
      case ExpressionOp::IfNull: return first_set(values);
      case ExpressionOp::Compare: return compare(expression.detail, values);
      case ExpressionOp::And: return logic(values, " AND ", "1");
      case ExpressionOp::Or: return logic(values, " OR ", "0");
      case ExpressionOp::Not: return {kTruth, text("NOT ", as_truth(values[0]))};
      case ExpressionOp::In: return call(kTruth, "agg_in", each(values, json_part));
      case ExpressionOp::Size: return {kNumber, text("agg_size", json_part(values[0]))};
      case ExpressionOp::ElementAt: return element_at(values);
      case ExpressionOp::DatePart: return date_part(expression.detail, values[0]);
      case ExpressionOp::DateText: return date_text(values);
    }
    return unset_value();
  }

  static TypedSql sum(const Values& values) {
    bool has_date = false;
    for (const TypedSql& value : values) has_date = has_date || is_date(value);
    const TypedSql total = chain(kNumber, " + ", each(values, amount));
    return has_date ? date_of(total) : total;
  }

  static TypedSql difference(const Values& values) {
    const TypedSql left = chain(kNumber, " - ", each(values, amount));
    return is_date(values[0]) && !is_date(values[1]) ? date_of(left) : left;
  }

  static TypedSql math(const std::string& function, const Values& values) {
    std::vector<SqlStatement> parts = each(values, real);
    SqlStatement name;
    name.add_value(function);
    parts.insert(parts.begin(), std::move(name));
    return call(kNumber, "agg_math", parts);
  }

  // MongoDB: the upper case of nothing is empty.
  static SqlStatement letters(const TypedSql& value) {
    SqlStatement out;
    return std::move(append(out.add("IFNULL("), as_text(value).sql).add(", '')"));
  }

  static TypedSql substring(const Values& values) {
    TypedSql out{kText, {}};
    append(out.sql.add("substr("), letters(values[0])).add(", MAX(0, CAST(");
    append(out.sql, as_number(values[1]).sql).add(" AS INTEGER)) + 1, MAX(0, CAST(");
    append(out.sql, as_number(values[2]).sql).add(" AS INTEGER)))");
    return out;
  }

  static TypedSql condition(const Values& values) {
    FieldSpec spec;
    const auto branches = under_one_type({values[1], values[2]}, spec);
    TypedSql out{spec, {}};
    append(out.sql.add("CASE WHEN "), as_truth(values[0])).add(" THEN ");
    append(append(out.sql, branches[0]).add(" ELSE "), branches[1]).add(" END");
    return out;
  }

  static TypedSql first_set(const Values& values) {
    FieldSpec spec;
    const auto parts = under_one_type(values, spec);
    return call(spec, "COALESCE", parts);
  }

  static TypedSql compare(const std::string& sign, const Values& values) {
    return chain(kTruth, " " + sign + " ", each(values, as_order_of_any));
  }

  static TypedSql logic(const Values& values, std::string_view sign, std::string_view when_empty) {
    if (values.empty()) return {kTruth, SqlStatement{std::string(when_empty), {}}};
    TypedSql out = chain(kTruth, sign, each(values, as_truth));
    out.sql.text = "(" + out.sql.text + ")";
    return out;
  }

  static TypedSql element_at(const Values& values) {
    const SqlStatement parts[] = {json_part(values[0]), as_number(values[1]).sql};
    return call(json_spec(), "agg_element", parts);
  }

  static TypedSql date_part(const std::string& part, const TypedSql& value) {
    SqlStatement name;
    name.add_value(part);
    const SqlStatement parts[] = {name, as_date(value).sql};
    return call(kNumber, "agg_date_part", parts);
  }

  static TypedSql date_text(const Values& values) {
    const SqlStatement parts[] = {as_text(values[1]).sql, as_date(values[0]).sql};
    return call(kText, "agg_date_text", parts);
  }

  const Shape& shape_;
};

}  // namespace

TypedSql compile_expression(const Expression& expression, const Shape& shape) { return ExpressionCompiler(shape).compile(expression); }

}  // namespace parsimony
