#include "query/matcher.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/error.h"
#include "query/comparable.h"
#include "query/geo_constraints.h"
#include "query/value_matcher.h"
#include "types/acl.h"
#include "types/collation.h"

namespace parsimony {
namespace {

const Json kUnset;

const Json& member_or_unset(const Json& object, const std::string& name) {
  const Json* member = find_member(object, name);
  return member ? *member : kUnset;
}

// The filters of a group; null for a part that stands alone.
const std::vector<Filter>* members_of(const Filter& filter) {
  if (const auto* all = std::get_if<AllOf>(&filter.node)) return &all->of;
  if (const auto* any = std::get_if<AnyOf>(&filter.node)) return &any->of;
  if (const auto* none = std::get_if<NoneOf>(&filter.node)) return &none->of;
  return nullptr;
}

bool permits(const Permits& permits, const Json& object) {
  const Json* granted = find_member(object, "ACL");
  if (!granted || granted->is_null()) return true;
  const Acl acl = decode_acl(*granted);
  const auto& allowed = permits.right == Permits::Right::Read ? acl.read : acl.write;
  return std::find_first_of(allowed.begin(), allowed.end(), permits.principals.begin(), permits.principals.end()) != allowed.end();
}

// What of a field a constraint speaks of.
enum class Kind { Unset, Nothing, Json, Scalar, Relation };

Kind kind_of(const Field* field, const FieldPath& path) {
  if (!field) return Kind::Unset;
  switch (field->spec.type) {
    case FieldType::Object:
    case FieldType::Array: return Kind::Json;
    case FieldType::Acl: return path.inner.empty() ? Kind::Nothing : Kind::Unset;
    case FieldType::Relation: return path.inner.empty() ? Kind::Relation : Kind::Unset;
    default: return path.inner.empty() ? Kind::Scalar : Kind::Unset;
  }
}

bool is_about_members(Comparison comparison) {
  switch (comparison) {
    case Comparison::Equal:
    case Comparison::NotEqual:
    case Comparison::In:
    case Comparison::NotIn: return true;
    default: return false;
  }
}

// Whether the object alone does not tell.
bool is_elsewhere(const Constraint& constraint, const Field* field) {
  const Kind kind = kind_of(field, constraint.path);
  if (kind == Kind::Relation) return is_about_members(constraint.comparison);
  return kind == Kind::Scalar && field->spec.type == FieldType::String && constraint.comparison == Comparison::Text;
}

void require_relative_time_fits(const Constraint& constraint, const Field* field) {
  if (field && field->spec.type != FieldType::Date && find_member(constraint.operand, "$relativeTime"))
    throw Error(error_code::kInvalidJson, "$relativeTime can only be used with Date field");
}

[[noreturn]] void refuse_undecidable() {
  throw Error(error_code::kInvalidQuery, "The query condition cannot be decided on one object alone");
}

// What the field's values are compared by under a constraint.
class Yardstick {
 public:
  Yardstick(const FieldSpec& field, Collation collation)
      : field_(field), collation_(field.type == FieldType::String ? collation : Collation::Exact) {}

  std::optional<Json> of(const Json& value) const {
    auto plain = comparable(field_, value);
    if (plain && collation_ != Collation::Exact) *plain = fold(plain->get_ref<const std::string&>(), collation_);
    return plain;
  }

  // `value` is measured; null when it is unset.
  bool equals(const Json& value, const Json& operand) const {
    if (operand.is_null()) return value.is_null();
    const auto other = of(operand);
    return other && json_equal(value, *other);
  }
  bool is_in(const Json& value, const Json& list) const {
    return std::any_of(list.begin(), list.end(), [&](const Json& operand) { return equals(value, operand); });
  }

 private:
  const FieldSpec& field_;
  Collation collation_;
};

bool scalar_meets(const FieldSpec& field, const Json& stored, const Constraint& constraint, const Regex* regex) {
  if (is_geo(constraint.comparison)) return value_matches(stored, constraint.comparison, constraint.operand);
  const Yardstick by(field, constraint.collation);
  const Json value = by.of(stored).value_or(Json());
  switch (constraint.comparison) {
    case Comparison::Equal: return by.equals(value, constraint.operand);
    case Comparison::NotEqual: return !by.equals(value, constraint.operand);
    case Comparison::In: return by.is_in(value, constraint.operand);
    case Comparison::NotIn: return !by.is_in(value, constraint.operand);
    case Comparison::Less:
    case Comparison::LessOrEqual:
    case Comparison::Greater:
    case Comparison::GreaterOrEqual: {
      const auto operand = by.of(constraint.operand);
      return operand && value_matches(value, constraint.comparison, *operand);
    }
    case Comparison::Regex:
      return field.type == FieldType::String && value_matches(stored, constraint.comparison, constraint.operand, regex);
    default: return value_matches(value, constraint.comparison, constraint.operand);
  }
}

}  // namespace

Matcher::Matcher(Filter filter, Elsewhere elsewhere) : filter_(std::move(filter)), elsewhere_(std::move(elsewhere)) { prepare(filter_); }

void Matcher::prepare(const Filter& filter) {
  if (const auto* members = members_of(filter)) {
    for (const Filter& member : *members) prepare(member);
  } else if (const auto* constraint = std::get_if<Constraint>(&filter.node); constraint && constraint->comparison == Comparison::Regex) {
    regexes_.try_emplace(constraint, constraint->operand.get<std::string>(), constraint->options);
  }
}

void Matcher::require_decidable(const ClassSchema& of) const { require_decidable(filter_, of); }

void Matcher::require_decidable(const Filter& filter, const ClassSchema& of) const {
  if (const auto* members = members_of(filter)) {
    for (const Filter& member : *members) require_decidable(member, of);
  } else if (const auto* constraint = std::get_if<Constraint>(&filter.node)) {
    const Field* field = of.find(constraint->path.field);
    require_relative_time_fits(*constraint, field);
    if (!elsewhere_ && is_elsewhere(*constraint, field)) refuse_undecidable();
  } else if (!elsewhere_ && !std::holds_alternative<Permits>(filter.node)) {
    refuse_undecidable();
  }
}

bool Matcher::matches(const Json& object, const ClassSchema& of) const { return matches(filter_, object, of); }

bool Matcher::matches(const Filter& filter, const Json& object, const ClassSchema& of) const {
  const auto is_met = [&](const Filter& member) { return matches(member, object, of); };
  if (const auto* all = std::get_if<AllOf>(&filter.node)) return std::all_of(all->of.begin(), all->of.end(), is_met);
  if (const auto* any = std::get_if<AnyOf>(&filter.node)) return std::any_of(any->of.begin(), any->of.end(), is_met);
  if (const auto* none = std::get_if<NoneOf>(&filter.node)) return std::none_of(none->of.begin(), none->of.end(), is_met);
  if (const auto* constraint = std::get_if<Constraint>(&filter.node)) return meets(filter, *constraint, object, of);
  if (const auto* granted = std::get_if<Permits>(&filter.node)) return permits(*granted, object);
  return ask_elsewhere(filter, object);
}

bool Matcher::meets(const Filter& part, const Constraint& constraint, const Json& object, const ClassSchema& of) const {
  const Field* field = of.find(constraint.path.field);
  require_relative_time_fits(constraint, field);
  const auto regex = regexes_.find(&constraint);
  const Regex* compiled = regex == regexes_.end() ? nullptr : &regex->second;
  switch (kind_of(field, constraint.path)) {
    case Kind::Nothing: return false;
    case Kind::Unset: return value_matches(kUnset, constraint.comparison, constraint.operand);
    case Kind::Relation:
      if (is_elsewhere(constraint, field)) return ask_elsewhere(part, object);
      return constraint.comparison == Comparison::Exists && constraint.operand.get<bool>();
    case Kind::Json: {
      const Json* at = value_at(member_or_unset(object, field->name), constraint.path.inner);
      return value_matches(at ? *at : kUnset, constraint.comparison, constraint.operand, compiled);
    }
    case Kind::Scalar: break;
  }
  if (is_elsewhere(constraint, field)) return ask_elsewhere(part, object);
  return scalar_meets(field->spec, member_or_unset(object, field->name), constraint, compiled);
}

bool Matcher::ask_elsewhere(const Filter& part, const Json& object) const {
  if (!elsewhere_) refuse_undecidable();
  return elsewhere_(part, object);
}

}  // namespace parsimony
