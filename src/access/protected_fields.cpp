#include "access/protected_fields.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "access/class_access.h"

namespace parsimony {
namespace {

constexpr std::string_view kUserField = "userField:";

using SetsByEntity = std::map<std::string, HiddenFields::Names, std::less<>>;

// Every object has an objectId to be called by.
void add_sets(SetsByEntity& sets, const Json* by_entity) {
  const auto* entities = by_entity ? by_entity->get_ptr<const Json::object_t*>() : nullptr;
  if (!entities) return;
  for (const auto& [entity, names] : *entities) {
    HiddenFields::Names& set = sets[entity];
    for (const Json& name : names) {
      if (name.is_string() && name != "objectId") set.insert(name.get<std::string>());
    }
  }
}

// Of the class and of the options, entity by entity.
SetsByEntity sets_of(const ClassSchema& of, const ProtectionSettings& settings) {
  SetsByEntity sets;
  if (of.permissions) add_sets(sets, find_member(*of.permissions, "protectedFields"));
  add_sets(sets, find_member(settings.classes, of.name()));
  return sets;
}

bool is_met_by(const std::string& entity, const Caller& caller) {
  if (entity == "authenticated") return caller.has_user();
  const std::vector<std::string> principals = caller.principals();
  return std::find(principals.begin(), principals.end(), entity) != principals.end();
}

HiddenFields::Names common_to(const HiddenFields::Names& a, const HiddenFields::Names& b) {
  HiddenFields::Names common;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::inserter(common, common.end()));
  return common;
}

}  // namespace

HiddenFields::HiddenFields(const Caller& caller, const ClassSchema& of, const ProtectionSettings& settings) {
  if (caller.is_master) return;
  user_id_ = caller.user_id;
  has_private_fields_ = of.name() == "_User";
  if (has_private_fields_) own_row_ = caller.user_id;
  is_own_row_exempt_ = settings.owner_exempt;
  for (auto& [entity, names] : sets_of(of, settings)) {
    if (entity.starts_with(kUserField)) {
      std::string pointer = entity.substr(kUserField.size());
      if (caller.has_user() && of.find(pointer)) rules_.push_back({std::move(pointer), std::move(names)});
    } else if (is_met_by(entity, caller)) {
      common_ = common_ ? common_to(*common_, names) : std::move(names);
    }
  }
}

bool HiddenFields::is_private(std::string_view field) const { return has_private_fields_ && field == "authData"; }

bool HiddenFields::may_hide(std::string_view field, bool is_own_row_alone) const {
  if (is_own_row_alone && is_own_row_exempt_) return false;
  if (is_private(field) && !is_own_row_alone) return true;
  if (common_) return common_->contains(field);
  return std::any_of(rules_.begin(), rules_.end(), [&](const RowRule& rule) { return rule.fields.contains(field); });
}

bool HiddenFields::always_hides(std::string_view field) const {
  if (is_private(field)) return own_row_.empty();
  const bool is_lifted = !own_row_.empty() && is_own_row_exempt_;
  return !is_lifted && is_in_sets(field) &&
         std::all_of(rules_.begin(), rules_.end(), [&](const RowRule& rule) { return rule.fields.contains(field); });
}

bool HiddenFields::hides(std::string_view field, const RowKind& row) const {
  if (row.is_own && is_own_row_exempt_) return false;
  if (is_private(field) && !row.is_own) return true;
  if (common_ ? !common_->contains(field) : row.applying.empty()) return false;
  return std::all_of(row.applying.begin(), row.applying.end(), [&](const RowRule* rule) { return rule->fields.contains(field); });
}

// A rule without the field lifts its protection; where no set protects it, a rule with the field does.
Filter HiddenFields::rows_showing_by_rules(const std::string& field) const {
  if (common_ && !common_->contains(field)) return {};
  AnyOf showing;
  NoneOf unprotected;
  for (const RowRule& rule : rules_) {
    (rule.fields.contains(field) ? unprotected.of : showing.of).push_back(points_to_user(rule.pointer, user_id_));
  }
  if (!common_ && unprotected.of.empty()) return {};
  if (!common_) showing.of.push_back(Filter{std::move(unprotected)});
  return {std::move(showing)};
}

Filter HiddenFields::rows_showing(const std::string& field) const {
  if (!may_hide(field)) return {};
  const Filter own = own_row_.empty() ? Filter{AnyOf{}} : equals("objectId", own_row_);
  if (is_private(field)) return is_own_row_exempt_ ? own : all_of({own, rows_showing_by_rules(field)});
  if (own_row_.empty() || !is_own_row_exempt_) return rows_showing_by_rules(field);
  return {AnyOf{{own, rows_showing_by_rules(field)}}};
}

}  // namespace parsimony
