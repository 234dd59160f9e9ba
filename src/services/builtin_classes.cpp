#include "services/builtin_classes.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "access/class_access.h"
#include "embedded/parsimony_builtin_schemas.h"
#include "services/objects/row_reader.h"
#include "services/users/user_keys.h"

namespace parsimony {
namespace {

constexpr std::array<std::string_view, 8> kInternal = {"_JobStatus",     "_PushStatus",  "_Hooks",    "_GlobalConfig",
                                                       "_GraphQLConfig", "_JobSchedule", "_Audience", "_Idempotency"};
constexpr std::array<std::string_view, 2> kInEveryDatabase = {"_User", "_Role"};
constexpr std::array<std::string_view, 5> kRequiredOfProduct = {"productIdentifier", "icon", "order", "title", "subtitle"};
constexpr std::array<std::string_view, 2> kRequiredOfRole = {"name", "ACL"};

Field read_field(const std::string& name, const Json& definition) {
  Field field;
  field.name = name;
  field.spec.type = field_type_from_text(definition.at("type").get<std::string>()).value();
  if (const std::string* target = find_string(definition, "targetClass")) field.spec.target_class = *target;
  if (const Json* lookup = find_member(definition, "lookup")) field.lookup = decode_collation(*lookup);
  return field;
}

ClassSchema read_class(std::string_view text) {
  const Json json = parse_json(text);
  const auto name = json.at("className").get<std::string>();
  std::vector<Field> fields = base_fields();
  for (const auto& [field_name, definition] : json.at("fields").items()) fields.push_back(read_field(field_name, definition));
  ClassSchema made(name, std::move(fields));
  made.permissions = is_internal_class(name) ? closed_permissions() : open_permissions();
  return made;
}

using Classes = std::map<std::string, ClassSchema, std::less<>>;

const Classes& all_classes() {
  static const Classes kClasses = [] {
    Classes classes;
    for (const EmbeddedFile& file : parsimony_builtin_schemas()) {
      ClassSchema read = read_class(file.bytes);
      classes.emplace(read.name(), std::move(read));
    }
    return classes;
  }();
  return kClasses;
}

template <std::size_t size>
bool contains(const std::array<std::string_view, size>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_complete(const ClassSchema* stored, const ClassSchema& builtin) {
  const auto& fields = builtin.fields();
  return stored && std::all_of(fields.begin(), fields.end(), [&](const Field& field) {
           const Field* known = stored->find(field.name);
           return known && known->lookup == field.lookup;
         });
}

// Users from before there were keys.
void make_user_keys(Transaction& transaction, const ClassSchema& of) {
  for (const Json& user : read_rows(transaction, of, Filter{})) {
    FieldValues values;
    for (const auto& [name, value] : user.items()) {
      for (const auto& [key, of_value] : user_keys(name, value)) {
        if (const Field* field = of.find(key)) values.push_back({field, of_value});
      }
    }
    if (!values.empty()) transaction.update(of, text_of_member(user, "objectId"), values);
  }
}

void complete(Transaction& transaction, const ClassSchema& builtin) {
  const ClassSchema* stored = transaction.schema().find(builtin.name());
  const bool lacks_keys = stored && builtin.find("_username_key") && !stored->find("_username_key");
  if (!stored) stored = &transaction.create_class(builtin);
  for (const Field& field : builtin.fields()) {
    const Field* known = stored->find(field.name);
    if (!known) {
      stored = &transaction.add_field(*stored, field);
    } else if (known->lookup != field.lookup) {
      Field indexed = *known;
      indexed.lookup = field.lookup;
      stored = &transaction.redefine(stored->with_field(std::move(indexed)));
    }
  }
  if (lacks_keys) make_user_keys(transaction, *stored);
}

}  // namespace

const ClassSchema* builtin_class(std::string_view class_name) {
  const auto found = all_classes().find(class_name);
  return found == all_classes().end() ? nullptr : &found->second;
}

bool is_internal_class(std::string_view class_name) { return contains(kInternal, class_name); }

bool is_default_field(std::string_view class_name, std::string_view field_name) {
  if (is_base_field(field_name)) return true;
  const ClassSchema* builtin = builtin_class(class_name);
  return builtin && builtin->find(field_name);
}

std::span<const std::string_view> required_builtin_fields(std::string_view class_name) {
  if (class_name == "_Product") return kRequiredOfProduct;
  if (class_name == "_Role") return kRequiredOfRole;
  return {};
}

void ensure_builtin_classes(Store& store) {
  const auto stored = store.schema();
  std::vector<const ClassSchema*> incomplete;
  for (const auto& [name, builtin] : all_classes()) {
    const ClassSchema* known = stored->find(name);
    const bool is_wanted = known || contains(kInEveryDatabase, name) || is_internal_class(name);
    if (is_wanted && !is_complete(known, builtin)) incomplete.push_back(&builtin);
  }
  if (incomplete.empty()) return;
  store.write([&](Transaction& transaction) {
    for (const ClassSchema* builtin : incomplete) complete(transaction, *builtin);
  });
}

}  // namespace parsimony
