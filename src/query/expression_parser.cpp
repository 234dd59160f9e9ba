#include "query/expression_parser.h"

#include <algorithm>
#include <limits>

#include "common/clock.h"
#include "common/error.h"
#include "query/pipeline_parser.h"
#include "types/date.h"
#include "types/field_type.h"

namespace parsimony {
namespace {

constexpr std::size_t kMaxEchoLength = 100;

[[noreturn]] void refuse(int code, std::string_view reason, std::string_view detail = {}) {
  throw Error(code, std::string(reason).append(detail.substr(0, kMaxEchoLength)));
}
[[noreturn]] void refuse(const std::string& reason) { refuse(error_code::kInvalidQuery, reason); }

constexpr std::size_t kAnyNumber = std::numeric_limits<std::size_t>::max();

struct Operator {
  std::string_view name;
  ExpressionOp op;
  std::string_view detail;
  std::size_t fewest;
  std::size_t most;
};
constexpr Operator kOperators[] = {
    {"$add", ExpressionOp::Add, "", 1, kAnyNumber},
    {"$subtract", ExpressionOp::Subtract, "", 2, 2},
    {"$multiply", ExpressionOp::Multiply, "", 1, kAnyNumber},
    {"$divide", ExpressionOp::Divide, "", 2, 2},
    {"$mod", ExpressionOp::Math, "mod", 2, 2},
    {"$pow", ExpressionOp::Math, "pow", 2, 2},
    {"$abs", ExpressionOp::Math, "abs", 1, 1},
    {"$ceil", ExpressionOp::Math, "ceil", 1, 1},
    {"$floor", ExpressionOp::Math, "floor", 1, 1},
    {"$sqrt", ExpressionOp::Math, "sqrt", 1, 1},
    {"$round", ExpressionOp::Math, "round", 1, 2},
    {"$trunc", ExpressionOp::Math, "trunc", 1, 2},
    {"$concat", ExpressionOp::Concat, "", 1, kAnyNumber},
    {"$toUpper", ExpressionOp::ToUpper, "", 1, 1},
    {"$toLower", ExpressionOp::ToLower, "", 1, 1},
    {"$strLenCP", ExpressionOp::Length, "", 1, 1},
    {"$substrCP", ExpressionOp::Substring, "", 3, 3},
    {"$toString", ExpressionOp::ToText, "", 1, 1},
    {"$cond", ExpressionOp::Cond, "", 3, 3},
    {"$ifNull", ExpressionOp::IfNull, "", 2, kAnyNumber},
    {"$eq", ExpressionOp::Compare, "=", 2, 2},
    {"$ne", ExpressionOp::Compare, "<>", 2, 2},
    {"$lt", ExpressionOp::Compare, "<", 2, 2},
    {"$lte", ExpressionOp::Compare, "<=", 2, 2},
    {"$gt", ExpressionOp::Compare, ">", 2, 2},
    {"$gte", ExpressionOp::Compare, ">=", 2, 2},
    {"$and", ExpressionOp::And, "", 0, kAnyNumber},
    {"$or", ExpressionOp::Or, "", 0, kAnyNumber},
    {"$not", ExpressionOp::Not, "", 1, 1},
    {"$in", ExpressionOp::In, "", 2, 2},
    {"$size", ExpressionOp::Size, "", 1, 1},
    {"$arrayElemAt", ExpressionOp::ElementAt, "", 2, 2},
    {"$year", ExpressionOp::DatePart, "year", 1, 1},
    {"$month", ExpressionOp::DatePart, "month", 1, 1},
    {"$dayOfMonth", ExpressionOp::DatePart, "dayOfMonth", 1, 1},
    {"$dayOfWeek", ExpressionOp::DatePart, "dayOfWeek", 1, 1},
    {"$dayOfYear", ExpressionOp::DatePart, "dayOfYear", 1, 1},
    {"$hour", ExpressionOp::DatePart, "hour", 1, 1},
    {"$minute", ExpressionOp::DatePart, "minute", 1, 1},
    {"$second", ExpressionOp::DatePart, "second", 1, 1},
    {"$millisecond", ExpressionOp::DatePart, "millisecond", 1, 1},
    {"$week", ExpressionOp::DatePart, "week", 1, 1},
    {"$isoWeek", ExpressionOp::DatePart, "isoWeek", 1, 1},
    {"$isoWeekYear", ExpressionOp::DatePart, "isoWeekYear", 1, 1},
    {"$isoDayOfWeek", ExpressionOp::DatePart, "isoDayOfWeek", 1, 1},
    {"$dateToString", ExpressionOp::DateText, "", 2, 2},
};

const Operator& operator_named(std::string_view name) {
  const auto* found = std::find_if(std::begin(kOperators), std::end(kOperators), [&](const Operator& row) { return row.name == name; });
  if (found == std::end(kOperators)) refuse(error_code::kInvalidQuery, "Unrecognized expression ", name);
  return *found;
}

std::string parse_name(std::string_view name) {
  if (name == "_id") return "objectId";
  if (name == "_created_at") return "createdAt";
  if (name == "_updated_at") return "updatedAt";
  if (name.starts_with("_p_")) name.remove_prefix(3);
  return std::string(name);
}

Expression literal(Json value) {
  Expression expression;
  expression.literal = std::move(value);
  return expression;
}

bool is_encoded_value(const Json& value) { return find_string(value, "__type") != nullptr; }

// The operands of an operator that takes them by name, in the order of the table; a missing one is refused unless it has a default.
struct NamedOperand {
  std::string_view op;
  std::string_view name;
  const char* if_missing;  // null: it must be there
};
constexpr NamedOperand kNamedOperands[] = {
    {"$cond", "if", nullptr},
    {"$cond", "then", nullptr},
    {"$cond", "else", nullptr},
    {"$dateToString", "date", nullptr},
    {"$dateToString", "format", "%Y-%m-%dT%H:%M:%S.%LZ"},
};

bool is_universal_time(const Json& zone) { return zone == "UTC" || zone == "GMT" || zone == "Z" || zone == "+00:00"; }

}  // namespace

FieldPath read_field_path(std::string_view text) {
  FieldPath path = FieldPath::parse(text);
  path.field = parse_name(path.field);
  const bool has_empty_step = std::any_of(path.inner.begin(), path.inner.end(), [](const std::string& step) { return step.empty(); });
  if (!is_valid_path(path.text()) || has_empty_step)
    throw Error(error_code::kInvalidKeyName, "Invalid field name: " + std::string(text.substr(0, kMaxEchoLength)) + ".");
  return path;
}

std::string read_field_name(std::string_view text) {
  FieldPath path = read_field_path(text);
  if (!path.inner.empty())
    throw Error(error_code::kInvalidKeyName, "Invalid field name: " + std::string(text.substr(0, kMaxEchoLength)) + ".");
  return std::move(path.field);
}

Json with_parse_dates(const Json& value) {
  if (value.is_array()) {
    Json list = Json::array();
    for (const Json& element : value) list.push_back(with_parse_dates(element));
    return list;
  }
  const auto* members = value.get_ptr<const Json::object_t*>();
  if (members == nullptr) return value;
  if (const Json* date = find_member(value, "$date"); date != nullptr && members->size() == 1) {
    const bool in_range = date->is_number() && date->get<double>() >= -62167219200000.0 && date->get<double>() <= 253402300799999.0;
    if (in_range) return encode_date(iso_date(static_cast<std::int64_t>(date->get<double>())));
    if (const auto iso = decode_date(*date)) return encode_date(*iso);
    refuse(error_code::kInvalidJson, "bad $date value");
  }
  Json::object_t converted;
  for (const auto& [name, member] : *members) converted.emplace_back(name, with_parse_dates(member));
  return converted;
}

Expression ExpressionParser::read(const Json& value, std::size_t depth) {
  if (++nodes_ > kMaxExpressionNodes) refuse("The pipeline has more than " + std::to_string(kMaxExpressionNodes) + " expressions");
  if (depth > kMaxExpressionDepth) refuse("An expression nests deeper than " + std::to_string(kMaxExpressionDepth));
  if (const auto* text = value.get_ptr<const std::string*>()) return read_text(*text);
  if (value.is_object()) return read_object(value, depth);
  if (!value.is_array()) return literal(value);
  Expression list;
  list.kind = Expression::Kind::Array;
  for (const Json& element : value) list.arguments.push_back(read(element, depth + 1));
  return list;
}

Expression ExpressionParser::read_text(const std::string& text) {
  if (!text.starts_with('$')) return literal(text);
  Expression expression;
  if (text == "$$ROOT" || text == "$$CURRENT") {
    expression.kind = Expression::Kind::Root;
  } else if (text == "$$NOW") {
    expression.literal = encode_date(now_iso());
  } else if (text == "$$REMOVE") {
    expression.literal = nullptr;
  } else if (text.starts_with("$$")) {
    refuse(error_code::kInvalidQuery, "Use of undefined variable: ", text.substr(2));
  } else {
    expression.kind = Expression::Kind::Field;
    expression.path = read_field_path(text.substr(1));
  }
  return expression;
}

Expression ExpressionParser::read_object(const Json& value, std::size_t depth) {
  const auto& members = value.get_ref<const Json::object_t&>();
  if (is_encoded_value(value)) {
    type_of_value(value);  // refuses malformed encodings
    const auto iso = decode_date(value);
    return literal(iso ? encode_date(*iso) : value);
  }
  const bool is_call = !members.empty() && members.begin()->first.starts_with('$');
  if (is_call && members.size() != 1) refuse("An expression must have exactly one operator");
  if (is_call && members.begin()->first == "$date") return literal(with_parse_dates(value));
  if (is_call) return read_call(members.begin()->first, members.begin()->second, depth);
  Expression object;
  object.kind = Expression::Kind::Object;
  for (const auto& [name, member] : members) {
    object.names.push_back(read_field_name(name));
    object.arguments.push_back(read(member, depth + 1));
  }
  return object;
}

Expression ExpressionParser::read_call(const std::string& name, const Json& operand, std::size_t depth) {
  if (name == "$literal") return literal(with_parse_dates(operand));
  const Operator& known = operator_named(name);
  Expression call;
  call.kind = Expression::Kind::Call;
  call.op = known.op;
  call.detail = known.detail;
  call.arguments = read_arguments(name, operand, depth);
  if (call.arguments.size() < known.fewest || call.arguments.size() > known.most)
    refuse("Expression " + name + " takes another number of arguments; " + std::to_string(call.arguments.size()) + " were passed in.");
  return call;
}

std::vector<Expression> ExpressionParser::read_arguments(std::string_view name, const Json& operand, std::size_t depth) {
  const auto is_for_name = [&](const NamedOperand& row) { return row.op == name; };
  const bool is_by_name = std::any_of(std::begin(kNamedOperands), std::end(kNamedOperands), is_for_name);
  if (operand.is_object() && is_by_name) return read_named(name, operand, depth);
  std::vector<Expression> arguments;
  const Json* date = find_member(operand, "date");
  if (date != nullptr && operator_named(name).op == ExpressionOp::DatePart) {
    const Json* zone = find_member(operand, "timezone");
    if (zone != nullptr && !is_universal_time(*zone)) refuse("Dates are taken apart in UTC only");
    arguments.push_back(read(*date, depth + 1));
  } else if (operand.is_array()) {
    for (const Json& argument : operand) arguments.push_back(read(argument, depth + 1));
  } else {
    arguments.push_back(read(operand, depth + 1));
  }
  return arguments;
}

std::vector<Expression> ExpressionParser::read_named(std::string_view name, const Json& operand, std::size_t depth) {
  std::vector<Expression> arguments;
  const Json* zone = find_member(operand, "timezone");
  if (zone != nullptr && !is_universal_time(*zone)) refuse("Dates are taken apart in UTC only");
  for (const NamedOperand& row : kNamedOperands) {
    if (row.op != name) continue;
    const Json* given = find_member(operand, row.name);
    if (given == nullptr && row.if_missing == nullptr) refuse("Missing '" + std::string(row.name) + "' parameter to " + std::string(name));
    arguments.push_back(given != nullptr ? read(*given, depth + 1) : literal(row.if_missing));
  }
  return arguments;
}

}  // namespace parsimony
