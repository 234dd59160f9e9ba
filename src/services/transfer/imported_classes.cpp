#include "services/transfer/imported_classes.h"

#include <algorithm>

#include "access/class_access.h"
#include "services/class_rules.h"

namespace parsimony {
namespace {

bool is_geo_point(const Field& field) { return field.spec.type == FieldType::GeoPoint; }

bool has_rows(Transaction& transaction, const ClassSchema& of) {
  return transaction.scan(of, {of.find("objectId")}, 0, 1, [](const Row&) {}).has_value();
}

}  // namespace

std::string with_article(const FieldSpec& spec) {
  const std::string name = describe(spec);
  const bool is_vowel = std::string_view("AEIOU").find(name.front()) != std::string_view::npos;
  return (is_vowel ? "an " : "a ") + name;
}

const ClassSchema& ImportedClasses::require_class(const std::string& name) {
  const ClassSchema* known = transaction_.schema().find(name);
  if (!known) {
    ClassSchema definition(name, base_fields());
    definition.permissions = closed_permissions();
    known = &transaction_.create_class(definition);
  }
  if (!was_empty_.contains(name)) was_empty_[name] = !has_rows(transaction_, *known);
  return *known;
}

std::string ImportedClasses::origin_of(const ClassSchema& of, const Field& field) const {
  const auto added = first_places_.find(of.name() + "." + field.name);
  if (added == first_places_.end()) return "the class definition says " + describe(field.spec);
  return with_article(field.spec) + " at " + added->second;
}

void ImportedClasses::check_addable(const ClassSchema& to, const FieldSpec& spec, const ValuePlace& place) const {
  if (!is_valid_field_name(place.member) || place.member.size() > kMaxNameLength) {
    throw ImportError(place.text(),
                      "\"" + place.member.substr(0, kMaxNameLength) + "\" can be no field (a letter, then letters, digits and \"_\")");
  }
  if (to.fields().size() >= kMaxFields) {
    throw ImportError(place.text(), "a class cannot have more than " + std::to_string(kMaxFields) + " fields");
  }
  const auto other = std::find_if(to.fields().begin(), to.fields().end(), is_geo_point);
  if (spec.type == FieldType::GeoPoint && other != to.fields().end()) {
    throw ImportError(place.text(), place.member + " is a GeoPoint, but a class can have only one, and " + other->name + " is one already");
  }
}

const ClassSchema& ImportedClasses::require_field(const ClassSchema& of, const FieldSpec& spec, const ValuePlace& place) {
  if (const Field* known = of.find(place.member)) {
    if (known->spec == spec) return of;
    throw ImportError(place.text(), place.member + " is " + with_article(spec) + " here, but " + origin_of(of, *known));
  }
  check_addable(of, spec, place);
  first_places_[of.name() + "." + place.member] = place.text();
  Field field;
  field.name = place.member;
  field.spec = spec;
  return transaction_.add_field(of, std::move(field));
}

const ClassSchema& ImportedClasses::add_relation(const ClassSchema& to, const std::string& field, const std::string& target_class) {
  Field relation;
  relation.name = field;
  relation.spec = {FieldType::Relation, target_class};
  return transaction_.add_field(to, std::move(relation));
}

}  // namespace parsimony
