#include "query/where_parser.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/error.h"
#include "query/constraint_reader.h"
#include "types/pointer.h"

namespace parsimony {
namespace {

// ---- Names

constexpr std::array<std::string_view, 12> kInternalFields = {
    "_rperm",
    "_wperm",
    "_email_verify_token",
    "_email_verify_token_expires_at",
    "_perishable_token",
    "_perishable_token_expires_at",
    "_failed_login_count",
    "_account_lockout_expires_at",
    "_password_changed_at",
    "_password_history",
    "_tombstone",
    "_session_token",
};

template <std::size_t size>
bool contains(const std::array<std::string_view, size>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void require_queryable(std::string_view name, const WhereRules& rules) {
  if (name == "ACL") refuse_query(error_code::kInvalidQuery, "Cannot query on ACL.");
  const bool is_known = is_valid_path(name) || (rules.allow_internal_fields && contains(kInternalFields, name));
  if (!is_known) refuse_query(error_code::kInvalidKeyName, "Invalid key name: ", name);
}

// ---- Fields

bool is_operator_name(std::string_view name) { return name.starts_with('$'); }

bool has_operators(const Json& value) {
  const auto* members = value.get_ptr<const Json::object_t*>();
  return members != nullptr && std::any_of(members->begin(), members->end(), [](const auto& m) { return is_operator_name(m.first); });
}

// `{"a":1,"$gt":0}` is an equality with {"a":1} beside the operator.
Json plain_members(const Json::object_t& members) {
  Json::object_t plain;
  for (const auto& [name, value] : members)
    if (!is_operator_name(name)) plain.emplace_back(name, value);
  return plain;
}

// ---- The tree

struct SubQueryOperator {
  std::string_view name;
  bool negated;
  bool selects;  // the values of a key, not pointers to the objects
};
constexpr SubQueryOperator kSubQueryOperators[] = {
    {"$inQuery", false, false},
    {"$notInQuery", true, false},
    {"$select", false, true},
    {"$dontSelect", true, true},
};

const SubQueryOperator* find_sub_query_operator(std::string_view name) {
  for (const SubQueryOperator& op : kSubQueryOperators) {
    if (op.name == name) return &op;
  }
  return nullptr;
}

// How deep a part of a `where` lies within others.
struct Depth {
  std::size_t all = 0;      // groups and sub-queries
  std::int64_t groups = 0;  // $or, $and, $nor
  std::int64_t subqueries = 0;
};

class WhereParser {
 public:
  explicit WhereParser(const WhereRules& rules) : rules_(rules) {}

  Filter read(const Json& where, const Depth& depth) {
    require_depth(depth);
    std::vector<Filter> filters;
    for (const auto& [name, value] : where.get_ref<const Json::object_t&>()) {
      if (is_operator_name(name))
        filters.push_back(read_group(name, value, depth));
      else
        read_field(filters, name, value, depth);
    }
    return all_of(std::move(filters));
  }

 private:
  void require_depth(const Depth& depth) const {
    const auto too_deep = [](std::string_view what, std::int64_t limit) {
      refuse_query(error_code::kInvalidQuery,
                   std::string(what).append(" nesting depth exceeds maximum allowed depth of ").append(std::to_string(limit)));
    };
    const ComplexityLimits& limits = rules_.limits;
    if (depth.all > kMaxWhereDepth) too_deep("Query condition", kMaxWhereDepth);
    if (limits.query_depth && depth.groups > *limits.query_depth) too_deep("Query condition", *limits.query_depth);
    if (limits.subquery_depth && depth.subqueries > *limits.subquery_depth) too_deep("Subquery", *limits.subquery_depth);
  }

  void count_constraint() {
    if (++constraints_ > kMaxWhereConstraints)
      refuse_query(error_code::kInvalidQuery, "Query has more than " + std::to_string(kMaxWhereConstraints) + " conditions");
  }

  Filter read_group(const std::string& name, const Json& value, const Depth& depth) {
    count_constraint();
    if (name == "$or") return {AnyOf{read_members(name, value, depth)}};
    if (name == "$and") return all_of(read_members(name, value, depth));
    if (name == "$nor") return {NoneOf{read_members(name, value, depth)}};
    if (name == "$relatedTo") return read_related_to(value);
    refuse_query(error_code::kInvalidKeyName, "Invalid key name: ", name);
  }

  std::vector<Filter> read_members(const std::string& name, const Json& value, const Depth& depth) {
    if (!value.is_array() || value.empty())
      refuse_query(error_code::kInvalidQuery, "Bad " + name + " format - use an array of at least 1 value.");
    std::vector<Filter> filters;
    for (const Json& member : value) {
      if (!member.is_object()) refuse_query(error_code::kInvalidQuery, "Bad " + name + " format - each value must be an object.");
      count_constraint();
      filters.push_back(read(member, {depth.all + 1, depth.groups + 1, depth.subqueries}));
    }
    return filters;
  }

  Filter read_related_to(const Json& value) {
    const Json* object = find_member(value, "object");
    const std::string* key = find_string(value, "key");
    const auto owner = object == nullptr ? std::nullopt : decode_pointer(read_operand(*object));
    if (!owner || key == nullptr || !is_valid_path(*key)) refuse_query(error_code::kInvalidQuery, "improper usage of $relatedTo");
    return {RelatedTo{*owner, *key, {}}};
  }

  void read_field(std::vector<Filter>& filters, const std::string& name, const Json& value, const Depth& depth) {
    require_queryable(name, rules_);
    const FieldPath path = FieldPath::parse(name);
    if (!has_operators(value)) {
      add(filters, {Constraint{path, Comparison::Equal, read_operand(value), {}}});
      return;
    }
    if (!rules_.limits.allow_regex && find_member(value, "$regex"))
      refuse_query(error_code::kInvalidQuery, "$regex operator is not allowed");
    const auto& members = value.get_ref<const Json::object_t&>();
    if (Json plain = plain_members(members); !plain.empty()) add(filters, {Constraint{path, Comparison::Equal, read_operand(plain), {}}});
    for (const auto& [op, operand] : members) {
      if (!is_operator_name(op) || belongs_to_other_operator(op, value)) continue;
      if (const SubQueryOperator* sub_query = find_sub_query_operator(op)) {
        add(filters, {read_sub_query(path, *sub_query, operand, depth)});
      } else {
        add(filters, read_operator(path, op, operand, value));
      }
    }
  }

  // {"className":..,"where":..}, for $select within {"query":..,"key":..}. What else a find may say is ignored, as Parse does.
  SubQuery read_sub_query(const FieldPath& path, const SubQueryOperator& op, const Json& operand, const Depth& depth) {
    const Json* query = op.selects ? find_member(operand, "query") : &operand;
    const std::string* key = op.selects ? find_string(operand, "key") : nullptr;
    const std::string* class_name = query ? find_string(*query, "className") : nullptr;
    const Json* where = query ? find_member(*query, "where") : nullptr;
    const bool is_select = op.selects && key && is_valid_path(*key) && operand.size() == 2 && (!where || where->is_object());
    const bool is_in_query = !op.selects && where && where->is_object();
    if (!class_name || class_name->empty() || (!is_select && !is_in_query))
      refuse_query(error_code::kInvalidQuery, std::string("improper usage of ").append(op.name));

    SubQuery sub_query{path, op.negated, *class_name, std::nullopt, {}, rules_.limits.subquery_limit};
    if (key) sub_query.key = FieldPath::parse(*key);
    const Depth inside{depth.all + 1, depth.groups, depth.subqueries + 1};
    sub_query.where.push_back(where ? read(*where, inside) : Filter{});
    return sub_query;
  }

  void add(std::vector<Filter>& filters, Filter filter) {
    const auto* all = std::get_if<AllOf>(&filter.node);
    for (std::size_t i = 0; i < (all ? all->of.size() : 1); ++i) count_constraint();
    filters.push_back(std::move(filter));
  }

  const WhereRules& rules_;
  std::size_t constraints_ = 0;
};

}  // namespace

Filter parse_where(const Json& where, const WhereRules& rules) {
  if (!where.is_object()) refuse_query(error_code::kInvalidJson, "where parameter is not valid JSON");
  return WhereParser(rules).read(where, {});
}

}  // namespace parsimony
