#include "storage/sql/filter_compiler.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <span>

#include "common/error.h"
#include "query/comparable.h"
#include "query/geo_constraints.h"
#include "query/regex.h"
#include "query/text_search.h"
#include "query/value_matcher.h"
#include "storage/row_codec.h"
#include "storage/sql/collate.h"
#include "storage/sql/geo_index.h"
#include "storage/sql/sub_query.h"
#include "storage/sql/text_index.h"
#include "types/geo.h"

namespace parsimony {
namespace {

constexpr std::size_t kMaxChain = 16;  // terms between two parentheses
constexpr int kMaxOpen = 60;           // SQLite's parser holds 100 symbols; a statement around and a condition within take up to 40
// Of one list: values that are bound one by one, and points, each of which is a term of its own.
constexpr std::size_t kMaxListedValues = 10'000;
constexpr std::size_t kMaxListedPoints = 100;

std::string_view operator_of(Comparison comparison) {
  switch (comparison) {
    case Comparison::Less: return " < ";
    case Comparison::LessOrEqual: return " <= ";
    case Comparison::Greater: return " > ";
    default: return " >= ";
  }
}

// A text, a number or a boolean.
Cell cell_of(const Json& plain) {
  if (const auto* text = plain.get_ptr<const std::string*>()) return *text;
  if (plain.is_number_float()) return plain.get<double>();
  if (plain.is_boolean()) return std::int64_t{plain.get<bool>()};
  return plain.get<std::int64_t>();
}

// What a column of the field's type is compared with; nothing when the operand is of another type, so that no row equals it.
std::optional<Cell> operand_cell(const Field& field, const Json& operand) {
  const auto plain = comparable(field.spec, operand);
  return plain ? std::optional(cell_of(*plain)) : std::nullopt;
}

// What every match of "^\\Qabc\\E..." begins with, for an index; empty when there is no such thing.
std::string literal_prefix(const Constraint& constraint) {
  const std::string& pattern = constraint.operand.get_ref<const std::string&>();
  constexpr std::string_view kBegin = "^\\Q", kEnd = "\\E";
  const std::size_t end = pattern.find(kEnd);
  if (constraint.options.find_first_of("im") != std::string::npos || !pattern.starts_with(kBegin) || end == std::string::npos) return {};
  const std::string_view rest = std::string_view(pattern).substr(end + kEnd.size());
  const bool is_required = rest.find('|') == std::string_view::npos && rest.find_first_of("*+?{") != 0;
  std::string prefix = is_required ? pattern.substr(kBegin.size(), end - kBegin.size()) : std::string();
  return prefix.find('\0') == std::string::npos ? prefix : std::string();
}

Json cell_to_json(const Cell& cell) {
  if (const auto* integer = std::get_if<std::int64_t>(&cell)) return *integer;
  return std::get<std::string>(cell);
}

class FilterCompiler {
 public:
  FilterCompiler(const ClassSchema& of, const SchemaSnapshot& classes, SqlStatement& out) : of_(of), classes_(classes), out_(out) {}

  void compile(const Filter& filter, int open) { compile(filter, Sense::Plain, open); }

 private:
  // A NOT is carried down to the single conditions, where it opens no parenthesis.
  enum class Sense { Plain, Negated };
  static Sense opposite(Sense sense) { return sense == Sense::Plain ? Sense::Negated : Sense::Plain; }

  // `open`: what the engine's parser holds on its stack at this place.
  void compile(const Filter& filter, Sense sense, int open) {
    if (const auto* all = std::get_if<AllOf>(&filter.node)) return join(all->of, sense, sense == Sense::Plain, open);
    if (const auto* any = std::get_if<AnyOf>(&filter.node)) return join(any->of, sense, sense == Sense::Negated, open);
    if (const auto* none = std::get_if<NoneOf>(&filter.node)) return join(none->of, opposite(sense), sense == Sense::Plain, open);
    is_negated_ = sense == Sense::Negated;
    if (is_negated_) out_.add("NOT ");
    if (const auto* sub_query = std::get_if<SubQuery>(&filter.node)) {
      if (open > kMaxOpen) throw Error(error_code::kInvalidQuery, "The query condition is nested too deeply");
      return compile_sub_query(*sub_query, of_, classes_, open, out_);
    }
    std::visit([this](const auto& node) { compile_leaf(node); }, filter.node);
  }

  using Members = std::span<const Filter* const>;

  void join(const std::vector<Filter>& filters, Sense sense, bool is_and, int open) {
    if (filters.empty()) return void(out_.add(is_and ? "TRUE" : "FALSE"));
    std::vector<const Filter*> members;
    for (const Filter& filter : filters) members.push_back(&filter);
    // The deepest first: in front of it nothing but its parenthesis waits on the parser's stack.
    std::stable_sort(members.begin(), members.end(), [](const Filter* a, const Filter* b) { return height(*a) > height(*b); });
    join(members, sense, is_and ? " AND " : " OR ", open);
  }

  // In parts and parts of parts: SQLite limits the depth of an expression, and a chain of a thousand terms is a thousand deep.
  void join(Members members, Sense sense, std::string_view with, int open) {
    if (members.size() == 1) return compile(*members.front(), sense, open);
    if (open > kMaxOpen) throw Error(error_code::kInvalidQuery, "The query condition is nested too deeply");
    const std::size_t size = (members.size() + kMaxChain - 1) / kMaxChain;
    out_.add("(");
    for (std::size_t at = 0; at < members.size(); at += size) {
      if (at > 0) out_.add(with);
      join(members.subspan(at, std::min(size, members.size() - at)), sense, with, open + (at == 0 ? 1 : 3));
    }
    out_.add(")");
  }

  static int height(const Filter& filter) {
    const auto of = [](const std::vector<Filter>& filters) {
      int highest = 0;
      for (const Filter& member : filters) highest = std::max(highest, height(member));
      return highest + 1;
    };
    if (const auto* all = std::get_if<AllOf>(&filter.node)) return of(all->of);
    if (const auto* any = std::get_if<AnyOf>(&filter.node)) return of(any->of);
    if (const auto* none = std::get_if<NoneOf>(&filter.node)) return of(none->of);
    return 0;
  }

  // Taken apart by compile().
  void compile_leaf(const SubQuery&) {}
  void compile_leaf(const AllOf&) {}
  void compile_leaf(const AnyOf&) {}
  void compile_leaf(const NoneOf&) {}

  void compile_leaf(const Permits& permits) {
    const std::string_view column = permits.right == Permits::Right::Read ? "\"_rperm\"" : "\"_wperm\"";
    out_.add("(").add(column).add(" IS NULL OR parse_permits(").add(column).add(", ");
    out_.add_value(to_json_text(Json(permits.principals))).add("))");
  }

  void compile_leaf(const RelatedTo& related) {
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
      FilterCompiler(*owner, classes_, out_).compile(readable, 0);
      out_.add(")");
    }
    out_.add(")");
  }

  void compile_leaf(const Constraint& constraint) {
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

  void always_unset(const Constraint& constraint) {
    out_.add(value_matches(Json(), constraint.comparison, constraint.operand) ? "TRUE" : "FALSE");
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
      case Comparison::Equal: return scalar_equal(field, constraint);
      case Comparison::NotEqual: return scalar_not_equal(field, constraint);
      case Comparison::In: return scalar_in(field, constraint);
      case Comparison::NotIn: out_.add("NOT "); return scalar_in(field, constraint);
      case Comparison::Exists: return unset(field, !operand.get<bool>());
      case Comparison::Regex: return scalar_regex(field, constraint);
      case Comparison::ContainedBy:
      case Comparison::Near:
      case Comparison::WithinSphere:
      case Comparison::WithinBox:
      case Comparison::WithinPolygon: out_.add("FALSE"); return;
      case Comparison::Intersects: return polygon_meets(field, constraint);
      case Comparison::Text: return words(field, constraint);
      default: return scalar_order(field, constraint);
    }
  }

  SqlStatement& add_collated(const Field& field, const Constraint& constraint) {
    return out_.add_name(field.column).add(field.spec.type == FieldType::String ? collate(constraint.collation) : "");
  }

  void scalar_equal(const Field& field, const Constraint& constraint) {
    const Json& operand = constraint.operand;
    if (operand.is_null()) return unset(field, true);
    const auto cell = operand_cell(field, operand);
    if (!cell) return void(out_.add("FALSE"));
    // "IS" is never NULL, so that a NOT around it is right for unset rows; the planner uses an index for it as for "=".
    out_.add("(");
    add_collated(field, constraint).add(" IS ").add_value(*cell).add(")");
  }

  void scalar_not_equal(const Field& field, const Constraint& constraint) {
    const Json& operand = constraint.operand;
    if (operand.is_null()) return unset(field, false);
    const auto cell = operand_cell(field, operand);
    if (!cell) return void(out_.add("TRUE"));
    out_.add("(");
    add_collated(field, constraint).add(" IS NOT ").add_value(*cell).add(")");
  }

  void scalar_order(const Field& field, const Constraint& constraint) {
    const auto cell = operand_cell(field, constraint.operand);
    if (!cell) return void(out_.add("FALSE"));
    // NULL selects no row by itself; under a NOT it must be made false.
    if (is_negated_) out_.add("(").add_name(field.column).add(" IS NOT NULL AND ");
    add_collated(field, constraint).add(operator_of(constraint.comparison)).add_value(*cell);
    if (is_negated_) out_.add(")");
  }

  // What SQLite's own JSON reader does not give back as it was: it rounds fractions in its own way and ends a text at a NUL.
  static bool survives_json(const Cell& cell) {
    const auto* text = std::get_if<std::string>(&cell);
    return !std::holds_alternative<double>(cell) && !(text && text->find('\0') != std::string::npos);
  }

  // Bound one by one; lengths are rounded up, so that lists of nearly equal length share a statement.
  void add_listed(const Field& field, const Constraint& constraint, std::vector<Cell> cells) {
    if (cells.empty()) return;
    if (cells.size() > kMaxListedValues) {
      throw Error(error_code::kInvalidQuery, "A list holds at most " + std::to_string(kMaxListedValues) + " fractions");
    }
    cells.resize(std::bit_ceil(cells.size()), cells.back());
    out_.add(" OR ");
    add_collated(field, constraint).add(" IN (");
    for (std::size_t i = 0; i < cells.size(); ++i) out_.add(i == 0 ? "" : ", ").add_value(std::move(cells[i]));
    out_.add(")");
  }

  // One bound value for the whole list, so that lists of every length share a statement.
  void scalar_in(const Field& field, const Constraint& constraint) {
    Json known = Json::array();
    std::vector<Cell> listed;
    bool has_null = false;
    for (const Json& operand : constraint.operand) {
      if (operand.is_null()) has_null = true;
      auto cell = operand_cell(field, operand);
      if (!cell) continue;
      if (survives_json(*cell)) {
        known.push_back(cell_to_json(*cell));
      } else {
        listed.push_back(std::move(*cell));
      }
    }
    out_.add("((");
    add_collated(field, constraint).add(" IN (SELECT value FROM json_each(").add_value(to_json_text(known)).add("))");
    add_listed(field, constraint, std::move(listed));
    out_.add(")");
    if (has_null) {
      out_.add(" OR ").add_name(field.column).add(" IS NULL)");
    } else {
      out_.add(" AND ").add_name(field.column).add(" IS NOT NULL)");
    }
  }

  void scalar_regex(const Field& field, const Constraint& constraint) {
    if (field.spec.type != FieldType::String) return void(out_.add("FALSE"));
    out_.add("(");
    if (const std::string prefix = literal_prefix(constraint); !prefix.empty()) {
      std::string behind = prefix;
      behind.back() = static_cast<char>(behind.back() + 1);  // no byte of UTF-8 is 0xFF
      out_.add_name(field.column).add(" >= ").add_value(prefix).add(" COLLATE BINARY AND ");
      out_.add_name(field.column).add(" < ").add_value(std::move(behind)).add(" COLLATE BINARY AND ");
    }
    out_.add("parse_regex(").add_name(field.column).add(", ").add_value(matcher_spec(constraint)).add("))");
  }

  // An index finds what may hold the words; the function decides.
  void words(const Field& field, const Constraint& constraint) {
    if (field.spec.type != FieldType::String) return void(out_.add("FALSE"));
    out_.add("(");
    if (has_text_index(of_, field)) {
      const std::string index = text_index_table(of_, field);
      out_.add("\"_seq\" IN (SELECT rowid FROM ").add_name(index).add(" WHERE ").add_name(index).add(" MATCH ");
      out_.add_value(TextSearch(constraint.operand.at("term").get<std::string>()).match_expression()).add(") AND ");
    }
    out_.add("parse_text(").add_name(field.column).add(", ").add_value(matcher_spec(constraint)).add("))");
  }

  void polygon_meets(const Field& field, const Constraint& constraint) {
    if (field.spec.type != FieldType::Polygon) return void(out_.add("FALSE"));
    out_.add("parse_matches('{\"__type\":\"Polygon\",\"coordinates\":' || ").add_name(field.column).add(" || '}', ");
    out_.add_value(matcher_spec(constraint)).add(")");
  }

  void geo_point(const Field& field, const Constraint& constraint) {
    switch (constraint.comparison) {
      case Comparison::Exists: return unset(field, !constraint.operand.get<bool>());
      case Comparison::NotEqual: out_.add("NOT "); [[fallthrough]];
      case Comparison::Equal: return geo_point_equal(field, constraint.operand);
      case Comparison::NotIn: out_.add("NOT "); [[fallthrough]];
      case Comparison::In: return geo_point_in(field, constraint.operand);
      default: is_geo(constraint.comparison) ? geo_area(field, constraint) : void(out_.add("FALSE"));
    }
  }

  // The index finds what may lie within; the function decides.
  void geo_area(const Field& field, const Constraint& constraint) {
    const std::vector<GeoBox> boxes = GeoArea(constraint.comparison, constraint.operand).boxes();
    const auto columns = columns_of(field);
    out_.add("(");
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      out_.add(i == 0 ? "\"_seq\" IN (" : " UNION ALL ").add("SELECT \"id\" FROM ").add_name(geo_index_table(of_, field));
      out_.add(" WHERE \"north\" >= ").add_value(boxes[i].south_west.latitude).add(" AND \"south\" <= ");
      out_.add_value(boxes[i].north_east.latitude).add(" AND \"east\" >= ").add_value(boxes[i].south_west.longitude);
      out_.add(" AND \"west\" <= ").add_value(boxes[i].north_east.longitude);
    }
    out_.add(boxes.empty() ? "" : ") AND ").add("parse_geo(").add_name(columns[0]).add(", ");
    out_.add_name(columns[1]).add(", ").add_value(matcher_spec(constraint)).add("))");
  }

  void geo_point_equal(const Field& field, const Json& operand) {
    if (operand.is_null()) return unset(field, true);
    const auto point = decode_geo_point(operand);
    if (!point) return void(out_.add("FALSE"));
    const auto columns = columns_of(field);
    out_.add("(").add_name(columns[0]).add(" IS ").add_value(point->latitude).add(" AND ");
    out_.add_name(columns[1]).add(" IS ").add_value(point->longitude).add(")");
  }

  void geo_point_in(const Field& field, const Json& list) {
    if (list.size() > kMaxListedPoints) {
      throw Error(error_code::kInvalidQuery, "A list holds at most " + std::to_string(kMaxListedPoints) + " GeoPoints");
    }
    out_.add("(FALSE");
    for (const Json& operand : list) {
      out_.add(" OR ");
      geo_point_equal(field, operand);
    }
    out_.add(")");
  }

  // Owners by what their relation holds. An operand that is no pointer to the relation's class is held by none.
  void relation(const Field& field, const Constraint& constraint) {
    Json ids = Json::array();
    const auto take = [&](const Json& operand) {
      if (auto id = comparable(field.spec, operand)) ids.push_back(std::move(*id));
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
  bool is_negated_ = false;  // of the condition that is being compiled: a NOT stands before it
};

}  // namespace

std::string matcher_spec(const Constraint& constraint) {
  Json spec = {{"way", constraint.path.inner},
               {"comparison", static_cast<int>(constraint.comparison)},
               {"operand", constraint.operand},
               {"options", constraint.options}};
  return to_json_text(spec);
}

void compile_filter(const Filter& filter, const ClassSchema& of, const SchemaSnapshot& classes, SqlStatement& out, int open) {
  FilterCompiler(of, classes, out).compile(filter, open);
}

}  // namespace parsimony
