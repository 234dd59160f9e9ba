#include "types/class_schema.h"

#include <algorithm>
#include <array>
#include <utility>

namespace parsimony {
namespace {

constexpr std::array<std::string_view, 13> kSystemClasses = {
    "_User",        "_Installation", "_Role",  "_Session",      "_Product",       "_PushStatus",  "_JobStatus",
    "_JobSchedule", "_Audience",     "_Hooks", "_GlobalConfig", "_GraphQLConfig", "_Idempotency",
};
constexpr std::array<std::string_view, 4> kBaseFields = {"objectId", "createdAt", "updatedAt", "ACL"};
constexpr std::array<std::string_view, 2> kReservedFieldNames = {"length", "className"};

bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool is_word_character(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; }

bool is_plain_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNameLength && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(), is_word_character);
}

template <std::size_t size>
bool contains(const std::array<std::string_view, size>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Field base_field(std::string_view name, FieldType type) {
  Field field;
  field.name = name;
  field.spec.type = type;
  return field;
}

struct OnDeleteName {
  OnDelete action;
  std::string_view text;
};
constexpr std::array<OnDeleteName, 4> kOnDeleteNames = {
    {{OnDelete::None, "none"}, {OnDelete::Clear, "clear"}, {OnDelete::Cascade, "cascade"}, {OnDelete::Restrict, "restrict"}}};

}  // namespace

std::string_view to_text(OnDelete action) {
  return std::find_if(kOnDeleteNames.begin(), kOnDeleteNames.end(), [&](const auto& row) { return row.action == action; })->text;
}

std::optional<OnDelete> on_delete_from_text(std::string_view text) {
  const auto found = std::find_if(kOnDeleteNames.begin(), kOnDeleteNames.end(), [&](const auto& row) { return row.text == text; });
  return found == kOnDeleteNames.end() ? std::nullopt : std::optional(found->action);
}

ClassSchema::ClassSchema(std::string name, std::vector<Field> fields) : name_(std::move(name)), fields_(std::move(fields)) {
  for (std::size_t i = 0; i < fields_.size(); ++i) position_.emplace(fields_[i].name, i);
}

const Field* ClassSchema::find(std::string_view field_name) const {
  const auto found = position_.find(std::string(field_name));
  return found == position_.end() ? nullptr : &fields_[found->second];
}

void ClassSchema::set_field(Field field) {
  const auto [known, is_new] = position_.emplace(field.name, fields_.size());
  if (is_new)
    fields_.push_back(std::move(field));
  else
    fields_[known->second] = std::move(field);
}

ClassSchema ClassSchema::with_field(Field field) const {
  ClassSchema copy = *this;
  copy.set_field(std::move(field));
  return copy;
}

ClassSchema ClassSchema::without_field(std::string_view field_name) const {
  ClassSchema copy = *this;
  std::erase_if(copy.fields_, [&](const Field& field) { return field.name == field_name; });
  copy.position_.clear();
  for (std::size_t i = 0; i < copy.fields_.size(); ++i) copy.position_.emplace(copy.fields_[i].name, i);
  return copy;
}

std::vector<Field> base_fields() {
  return {base_field("objectId", FieldType::String), base_field("createdAt", FieldType::Date), base_field("updatedAt", FieldType::Date),
          base_field("ACL", FieldType::Acl)};
}

bool is_base_field(std::string_view name) { return contains(kBaseFields, name); }

const ClassSchema* SchemaSnapshot::find(std::string_view class_name) const {
  const auto found = classes.find(class_name);
  return found == classes.end() ? nullptr : found->second.get();
}

bool is_system_class(std::string_view name) { return contains(kSystemClasses, name); }
bool is_valid_class_name(std::string_view name) { return is_system_class(name) || is_plain_name(name); }
bool is_valid_field_name(std::string_view name) { return is_plain_name(name) && !contains(kReservedFieldNames, name); }

}  // namespace parsimony
