#include "storage/sql/filter_compiler.h"

#include <algorithm>
#include <optional>
#include <span>

#include "common/error.h"
#include "query/regex.h"
#include "storage/row_codec.h"
#include "storage/sql/sub_query.h"
#include "types/date.h"
#include "types/geo.h"

namespace parsimony {
namespace {

std::string_view operator_of(Comparison comparison) {
  switch (comparison) {
    case Comparison::Less: return " < ";
    case Comparison::LessOrEqual: return " <= ";
    case Comparison::Greater: return " > ";
    default: return " >= ";
  }
}

std::optional<std::string> pointer_id(const Json& operand, const std::string& target_class) {
  if (operand.is_string()) return operand.get<std::string>();
  const auto pointer = decode_pointer(operand);
  if (!pointer || pointer->class_name != target_class) return std::nullopt;
  return pointer->object_id;
}

std::optional<std::string> text_member(const Json& operand, std::string_view name) {
  if (operand.is_string()) return operand.get<std::string>();
  const std::string* text = find_string(operand, name);
  return text ? std::optional(*text) : std::nullopt;
}

Cell number_cell(const Json& number) {
  if (number.is_number_float()) return number.get<double>();
  return number.get<std::int64_t>();
}

// What a column of the field's type is compared with; nothing when the operand is of another type, so that no row equals it.
std::optional<Cell> operand_cell(const Field& field, const Json& operand) {
  switch (field.spec.type) {
    case FieldType::String: return operand.is_string() ? std::optional<Cell>(operand.get<std::string>()) : std::nullopt;
    case FieldType::Number: return operand.is_number() ? std::optional(number_cell(operand)) : std::nullopt;
    case FieldType::Boolean: return operand.is_boolean() ? std::optional<Cell>(std::int64_t{operand.get<bool>()}) : std::nullopt;
    case FieldType::Date: return decode_date(operand);
    case FieldType::Pointer: return pointer_id(operand, field.spec.target_class);
    case FieldType::File: return text_member(operand, "name");
    case FieldType::Bytes: return text_member(operand, "base64");
    case FieldType::Polygon: {
      const auto ring = decode_polygon(operand);
      return ring ? std::optional<Cell>(to_json_text(encode_polygon(*ring).at("coordinates"))) : std::nullopt;
    }
    default: return std::nullopt;
  }
}

Json cell_to_json(const Cell& cell) {
  if (const auto* integer = std::get_if<std::int64_t>(&cell)) return *integer;
  if (const auto* real = std::get_if<double>(&cell)) return *real;
  return std::get<std::string>(cell);
}

class FilterCompiler {
 public:
  FilterCompiler(const ClassSchema& of, const SchemaSnapshot& classes, SqlStatement& out) : of_(of), classes_(classes), out_(out) {}

  void compile(const Filter& filter) {
    std::visit([this](const auto& node) { compile_node(node); }, filter.node);
  }

 private:
  void compile_node(const AllOf& all) { join(all.of, " AND ", "TRUE"); }
  void compile_node(const AnyOf& any) { join(any.of, " OR ", "FALSE"); }
  void compile_node(const NoneOf& none) {
    out_.add("NOT ");
    join(none.of, " OR ", "FALSE");
  }

  // Halves and halves again: SQLite limits the depth of an expression, and a chain of a thousand terms is a thousand deep.
  void join(std::span<const Filter> filters, std::string_view with, std::string_view when_empty) {
    if (filters.empty()) {
      out_.add(when_empty);
    } else if (filters.size() == 1) {
      compile(filters.front());
    } else {
      const std::size_t half = filters.size() / 2;
      out_.add("(");
      join(filters.first(half), with, when_empty);
      out_.add(with);
      join(filters.subspan(half), with, when_empty);
      out_.add(")");
    }
  }

  void compile_node(const Permits& permits) {
    const std::string_view column = permits.right == Permits::Right::Read ? "\"_rperm\"" : "\"_wperm\"";
    out_.add("(").add(column).add(" IS NULL OR parse_permits(").add(column).add(", ");
    out_.add_value(to_json_text(Json(permits.principals))).add("))");
  }

  void compile_node(const RelatedTo& related) {
    const ClassSchema* owner = classes_.find(related.owner.class_name);
    const Field* relation = owner ? owner->find(related.key) : nullptr;
    if (!relation || relation->spec.type != FieldType::Relation || relation->spec.target_class != of_.name()) {
      out_.add("FALSE");
      return;
    }
    out_.add("\"objectId\" IN (SELECT \"relatedId\" FROM ").add_name(relation->column).add(" WHERE \"owningId\" = ");
    out_.add_value(related.owner.object_id);
    for (const Filter& readable : related.owner_filter) {
      out_.add(" AND EXISTS (SELECT 1 FROM ").add_name(owner->table).add(" WHERE \"objectId\" = ");
      out_.add_value(related.owner.object_id).add(" AND ");
      FilterCompiler(*owner, classes_, out_).compile(readable);
      out_.add(")");
    }
    out_.add(")");
  }

  void compile_node(const SubQuery& sub_query) { compile_sub_query(sub_query, of_, classes_, out_); }

  void compile_node(const Constraint& constraint) {
    if (constraint.comparison == Comparison::Regex) Regex(constraint.operand.get<std::string>(), constraint.options);
    const Field* field = of_.find(constraint.path.field);
    if (!field) return always_unset(constraint);
    if (field->spec.type != FieldType::Date && find_member(constraint.operand, "$relativeTime"))
      throw Error(error_code::kInvalidJson, "$relativeTime can only be used with Date field");
    if (!constraint.path.inner.empty()) return inner_value(*field, constraint);
    switch (field->spec.type) {
      case FieldType::Array:
      case FieldType::Object: return json_column(*field, constraint);
      case FieldType::GeoPoint: return geo_point(*field, constraint);
      case FieldType::Relation: return relation(*field, constraint);
      case FieldType::Acl: out_.add("FALSE"); return;
      default: return scalar(*field, constraint);
    }
  }

  void always_unset(const Constraint& constraint) { out_.add(value_matches_unset(constraint) ? "TRUE" : "FALSE"); }

  static bool value_matches_unset(const Constraint& constraint) {
    const auto has_null = [](const Json& list) { return std::any_of(list.begin(), list.end(), [](const Json& v) { return v.is_null(); }); };
    switch (constraint.comparison) {
      case Comparison::Equal: return constraint.operand.is_null();
      case Comparison::NotEqual: return !constraint.operand.is_null();
      case Comparison::In: return has_null(constraint.operand);
      case Comparison::NotIn: return !has_null(constraint.operand);
      case Comparison::Exists: return !constraint.operand.get<bool>();
      default: return false;
    }
  }

  void inner_value(const Field& field, const Constraint& constraint) {
    const bool is_json = field.spec.type == FieldType::Object || field.spec.type == FieldType::Array;
    is_json ? json_column(field, constraint) : always_unset(constraint);
  }

  void json_column(const Field& field, const Constraint& constraint) {
    out_.add("parse_matches(").add_name(field.column).add(", ").add_value(matcher_spec(constraint)).add(")");
  }

  void unset(const Field& field, bool is_unset) { out_.add_name(columns_of(field).front()).add(is_unset ? " IS NULL" : " IS NOT NULL"); }

  void scalar(const Field& field, const Constraint& constraint) {
    const Json& operand = constraint.operand;
    switch (constraint.comparison) {
      case Comparison::Equal: return scalar_equal(field, operand);
      case Comparison::NotEqual: return scalar_not_equal(field, operand);
      case Comparison::In: return scalar_in(field, operand);
      case Comparison::NotIn: out_.add("NOT "); return scalar_in(field, operand);
      case Comparison::Exists: return unset(field, !operand.get<bool>());
      case Comparison::Regex: return scalar_regex(field, constraint);
      case Comparison::ContainedBy: out_.add("FALSE"); return;
      default: return scalar_order(field, constraint);
    }
  }

  void scalar_equal(const Field& field, const Json& operand) {
    if (operand.is_null()) return unset(field, true);
    const auto cell = operand_cell(field, operand);
    if (!cell) return void(out_.add("FALSE"));
    // "IS" is never NULL, so that a NOT around it is right for unset rows; the planner uses an index for it as for "=".
    out_.add("(").add_name(field.column).add(" IS ").add_value(*cell).add(")");
  }

  void scalar_not_equal(const Field& field, const Json& operand) {
    if (operand.is_null()) return unset(field, false);
    const auto cell = operand_cell(field, operand);
    if (!cell) return void(out_.add("TRUE"));
    out_.add("(").add_name(field.column).add(" IS NOT ").add_value(*cell).add(")");
  }

  void scalar_order(const Field& field, const Constraint& constraint) {
    const auto cell = operand_cell(field, constraint.operand);
    if (!cell) return void(out_.add("FALSE"));
    out_.add("(").add_name(field.column).add(operator_of(constraint.comparison)).add_value(*cell).add(" AND ");
    out_.add_name(field.column).add(" IS NOT NULL)");
  }

  // One bound value for the whole list, so that lists of every length share a statement.
  void scalar_in(const Field& field, const Json& list) {
    Json known = Json::array();
    bool has_null = false;
    for (const Json& operand : list) {
      if (operand.is_null()) has_null = true;
      if (const auto cell = operand_cell(field, operand)) known.push_back(cell_to_json(*cell));
    }
    out_.add("(").add_name(field.column);
    out_.add(" IN (SELECT value FROM json_each(").add_value(to_json_text(known)).add("))");
    if (has_null) {
      out_.add(" OR ").add_name(field.column).add(" IS NULL)");
    } else {
      out_.add(" AND ").add_name(field.column).add(" IS NOT NULL)");
    }
  }

  void scalar_regex(const Field& field, const Constraint& constraint) {
    if (field.spec.type != FieldType::String) return void(out_.add("FALSE"));
    out_.add("parse_regex(").add_name(field.column).add(", ").add_value(matcher_spec(constraint)).add(")");
  }

  void geo_point(const Field& field, const Constraint& constraint) {
    const bool negated = constraint.comparison == Comparison::NotEqual;
    if (constraint.comparison == Comparison::Exists) return unset(field, !constraint.operand.get<bool>());
    if (constraint.comparison != Comparison::Equal && !negated) return void(out_.add("FALSE"));
    if (constraint.operand.is_null()) return unset(field, !negated);
    const auto point = decode_geo_point(constraint.operand);
    if (!point) return void(out_.add(negated ? "TRUE" : "FALSE"));
    const auto columns = columns_of(field);
    out_.add(negated ? "NOT (" : "(").add_name(columns[0]).add(" IS ").add_value(point->latitude).add(" AND ");
    out_.add_name(columns[1]).add(" IS ").add_value(point->longitude).add(")");
  }

  // Owners by what their relation holds. An operand that is no pointer to the relation's class is held by none.
  void relation(const Field& field, const Constraint& constraint) {
    Json ids = Json::array();
    const auto take = [&](const Json& operand) {
      if (const auto id = pointer_id(operand, field.spec.target_class)) ids.push_back(*id);
    };
    switch (constraint.comparison) {
      case Comparison::NotEqual: out_.add("NOT "); [[fallthrough]];
      case Comparison::Equal: take(constraint.operand); break;
      case Comparison::NotIn: out_.add("NOT "); [[fallthrough]];
      case Comparison::In:
        for (const Json& operand : constraint.operand) take(operand);
        break;
      case Comparison::Exists: out_.add(constraint.operand.get<bool>() ? "TRUE" : "FALSE"); return;
      default: out_.add("FALSE"); return;
    }
    out_.add("(\"objectId\" IN (SELECT \"owningId\" FROM ").add_name(field.column);
    out_.add(" WHERE \"relatedId\" IN (SELECT value FROM json_each(").add_value(to_json_text(ids)).add("))))");
  }

  const ClassSchema& of_;
  const SchemaSnapshot& classes_;
  SqlStatement& out_;
};

}  // namespace

std::string matcher_spec(const Constraint& constraint) {
  Json spec = {{"way", constraint.path.inner},
               {"comparison", static_cast<int>(constraint.comparison)},
               {"operand", constraint.operand},
               {"options", constraint.options}};
  return to_json_text(spec);
}

void compile_filter(const Filter& filter, const ClassSchema& of, const SchemaSnapshot& classes, SqlStatement& out) {
  FilterCompiler(of, classes, out).compile(filter);
}

}  // namespace parsimony
