#include "query/where_parser.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/error.h"
#include "types/date.h"
#include "types/field_type.h"
#include "types/pointer.h"

namespace parsimony {
namespace {

constexpr std::size_t kMaxEchoLength = 100;

[[noreturn]] void refuse(int code, std::string_view reason, std::string_view detail = {}) {
  throw Error(code, std::string(reason).append(detail.substr(0, kMaxEchoLength)));
}

// ---- Names

constexpr std::array<std::string_view, 2> kPermissionFields = {"_rperm", "_wperm"};
constexpr std::array<std::string_view, 10> kInternalFields = {
    "_email_verify_token",  "_email_verify_token_expires_at",
    "_perishable_token",    "_perishable_token_expires_at",
    "_failed_login_count",  "_account_lockout_expires_at",
    "_password_changed_at", "_password_history",
    "_tombstone",           "_session_token",
};

template <std::size_t size>
bool contains(const std::array<std::string_view, size>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void require_queryable(std::string_view name, const WhereRules& rules) {
  if (name == "ACL") refuse(error_code::kInvalidQuery, "Cannot query on ACL.");
  const bool is_known =
      is_valid_path(name) || contains(kPermissionFields, name) || (rules.allow_internal_fields && contains(kInternalFields, name));
  if (!is_known) refuse(error_code::kInvalidKeyName, "Invalid key name: ", name);
}

// ---- Operands

// Dates in their stored form; an object that a query included counts as a pointer to it.
Json read_operand(const Json& value) {
  const std::string* type = find_string(value, "__type");
  if (type == nullptr) return value;
  if (*type == "Object") {
    const std::string* class_name = find_string(value, "className");
    const std::string* object_id = find_string(value, "objectId");
    if (class_name != nullptr && object_id != nullptr) return encode_pointer(*class_name, *object_id);
  }
  if (*type == "Date") {
    if (const auto iso = decode_date(value)) return encode_date(*iso);
  }
  type_of_value(value);  // refuses malformed encodings
  return value;
}

bool is_truthy(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null: return false;
    case Json::value_t::boolean: return value.get<bool>();
    case Json::value_t::string: return !value.get_ref<const std::string&>().empty();
    default: return !value.is_number() || value.get<double>() != 0;
  }
}

// ---- Operators of a field

// The constraint object around an operator, because $regex reads $options beside it.
using ReadOperand = void (*)(Constraint& constraint, std::string_view op, const Json& operand, const Json& around);

void read_any(Constraint& constraint, std::string_view, const Json& operand, const Json&) { constraint.operand = read_operand(operand); }

void read_ordered(Constraint& constraint, std::string_view op, const Json& operand, const Json&) {
  const std::string* type = find_string(operand, "__type");
  const bool has_order = operand.is_string() || operand.is_number() || (type != nullptr && *type == "Date");
  if (!has_order) refuse(error_code::kInvalidJson, std::string("bad ").append(op).append(" value"));
  constraint.operand = read_operand(operand);
}

void read_list(Constraint& constraint, std::string_view op, const Json& operand, const Json&) {
  if (!operand.is_array()) refuse(error_code::kInvalidJson, std::string("bad ").append(op).append(" value"));
  constraint.operand = Json::array();
  for (const Json& element : operand) {
    if (element.is_array()) {
      for (const Json& inner : element) constraint.operand.push_back(read_operand(inner));
    } else {
      constraint.operand.push_back(read_operand(element));
    }
  }
}

void read_exists(Constraint& constraint, std::string_view, const Json& operand, const Json&) { constraint.operand = is_truthy(operand); }

void read_regex(Constraint& constraint, std::string_view, const Json& operand, const Json& around) {
  if (!operand.is_string()) refuse(error_code::kInvalidQuery, "$regex value must be a string");
  constraint.operand = operand;
  const Json* options = find_member(around, "$options");
  if (options == nullptr) return;
  const auto* letters = options->get_ptr<const std::string*>();
  if (letters == nullptr) refuse(error_code::kInvalidQuery, "$options value must be a string");
  if (letters->empty() || letters->find_first_not_of("imxsu") != std::string::npos)
    refuse(error_code::kInvalidQuery, "Bad $options value for query: ", *letters);
  for (const char letter : *letters)
    if (constraint.options.find(letter) == std::string::npos) constraint.options += letter;
}

struct Operator {
  std::string_view name;
  Comparison comparison;
  ReadOperand read;
};
constexpr Operator kOperators[] = {
    {"$eq", Comparison::Equal, read_any},         {"$ne", Comparison::NotEqual, read_any},
    {"$lt", Comparison::Less, read_ordered},      {"$lte", Comparison::LessOrEqual, read_ordered},
    {"$gt", Comparison::Greater, read_ordered},   {"$gte", Comparison::GreaterOrEqual, read_ordered},
    {"$in", Comparison::In, read_list},           {"$nin", Comparison::NotIn, read_list},
    {"$exists", Comparison::Exists, read_exists}, {"$regex", Comparison::Regex, read_regex},
};

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

class WhereParser {
 public:
  explicit WhereParser(const WhereRules& rules) : rules_(rules) {}

  Filter read(const Json& where, std::size_t depth) {
    if (depth > kMaxWhereDepth)
      refuse(error_code::kInvalidQuery, "Query condition nesting depth exceeds maximum allowed depth of " + std::to_string(kMaxWhereDepth));
    std::vector<Filter> filters;
    for (const auto& [name, value] : where.get_ref<const Json::object_t&>()) {
      if (is_operator_name(name))
        filters.push_back(read_group(name, value, depth));
      else
        read_field(filters, name, value);
    }
    return all_of(std::move(filters));
  }

 private:
  void count_constraint() {
    if (++constraints_ > kMaxWhereConstraints)
      refuse(error_code::kInvalidQuery, "Query has more than " + std::to_string(kMaxWhereConstraints) + " conditions");
  }

  Filter read_group(const std::string& name, const Json& value, std::size_t depth) {
    count_constraint();
    if (name == "$or") return {AnyOf{read_members(name, value, depth)}};
    if (name == "$and") return all_of(read_members(name, value, depth));
    if (name == "$nor") return {NoneOf{read_members(name, value, depth)}};
    if (name == "$relatedTo") return read_related_to(value);
    refuse(error_code::kInvalidKeyName, "Invalid key name: ", name);
  }

  std::vector<Filter> read_members(const std::string& name, const Json& value, std::size_t depth) {
    if (!value.is_array() || value.empty())
      refuse(error_code::kInvalidQuery, "Bad " + name + " format - use an array of at least 1 value.");
    std::vector<Filter> filters;
    for (const Json& member : value) {
      if (!member.is_object()) refuse(error_code::kInvalidQuery, "Bad " + name + " format - each value must be an object.");
      count_constraint();
      filters.push_back(read(member, depth + 1));
    }
    return filters;
  }

  Filter read_related_to(const Json& value) {
    const Json* object = find_member(value, "object");
    const std::string* key = find_string(value, "key");
    const auto owner = object == nullptr ? std::nullopt : decode_pointer(read_operand(*object));
    if (!owner || key == nullptr || !is_valid_path(*key)) refuse(error_code::kInvalidQuery, "improper usage of $relatedTo");
    return {RelatedTo{*owner, *key, {}}};
  }

  void read_field(std::vector<Filter>& filters, const std::string& name, const Json& value) {
    require_queryable(name, rules_);
    const FieldPath path = FieldPath::parse(name);
    if (!has_operators(value)) {
      add(filters, {path, Comparison::Equal, read_operand(value), {}});
      return;
    }
    const auto& members = value.get_ref<const Json::object_t&>();
    if (Json plain = plain_members(members); !plain.empty()) add(filters, {path, Comparison::Equal, read_operand(plain), {}});
    for (const auto& [op, operand] : members) {
      const bool belongs_to_regex = op == "$options" && find_member(value, "$regex") != nullptr;
      if (is_operator_name(op) && !belongs_to_regex) add(filters, read_operator(path, op, operand, value));
    }
  }

  static Constraint read_operator(const FieldPath& path, std::string_view op, const Json& operand, const Json& around) {
    for (const Operator& known : kOperators) {
      if (known.name != op) continue;
      Constraint constraint{path, known.comparison, nullptr, {}};
      known.read(constraint, op, operand, around);
      return constraint;
    }
    refuse(error_code::kInvalidJson, "bad constraint: ", op);
  }

  void add(std::vector<Filter>& filters, Constraint constraint) {
    count_constraint();
    filters.push_back({std::move(constraint)});
  }

  const WhereRules& rules_;
  std::size_t constraints_ = 0;
};

}  // namespace

Filter parse_where(const Json& where, const WhereRules& rules) {
  if (!where.is_object()) refuse(error_code::kInvalidJson, "where parameter is not valid JSON");
  return WhereParser(rules).read(where, 0);
}

}  // namespace parsimony
