#include "services/users/auth_links.h"

#include <algorithm>

#include "common/error.h"
#include "services/objects/row_reader.h"
#include "services/users/user_keys.h"
#include "services/users/user_rows.h"

namespace parsimony {
namespace {

// What is written for these keys, as far as the class has them.
FieldValues known_values(const ClassSchema& of, const std::vector<std::pair<std::string, Json>>& keys) {
  FieldValues values;
  for (const auto& [name, value] : keys) {
    if (const Field* field = of.find(name)) values.push_back({field, value});
  }
  return values;
}

void fill_auth_keys(Transaction& transaction, const ClassSchema& of) {
  for (const Json& user : read_rows(transaction, of, Filter{})) {
    const Json* auth_data = find_member(user, "authData");
    const FieldValues values = auth_data ? known_values(of, user_keys("authData", *auth_data)) : FieldValues();
    if (!values.empty()) transaction.update(of, text_of_member(user, "objectId"), values);
  }
}

}  // namespace

void ensure_auth_keys(Store& store, const std::vector<std::string>& providers) {
  const auto classes = store.schema();
  const ClassSchema& known = *classes->find("_User");
  std::vector<Field> missing;
  for (const std::string& provider : providers) {
    Field field;
    field.name = auth_key(provider);
    field.spec.type = FieldType::String;
    field.lookup = Collation::Exact;
    if (!known.find(field.name)) missing.push_back(std::move(field));
  }
  if (missing.empty()) return;
  store.write([&](Transaction& transaction) { fill_auth_keys(transaction, transaction.add_fields(user_class(transaction), missing)); });
}

std::vector<Json> users_with_auth(Reads& reads, const Json& auth_data) {
  std::vector<Json> users;
  const ClassSchema& of = user_class(reads);
  for (const auto& [key, id] : user_keys("authData", auth_data)) {
    if (id.is_null() || id == "" || !of.find(key)) continue;
    for (Json& user : read_rows(reads, of, equals(key, id))) {
      const std::string user_id = text_of_member(user, "objectId");
      const bool is_new =
          std::none_of(users.begin(), users.end(), [&](const Json& other) { return text_of_member(other, "objectId") == user_id; });
      if (is_new) users.push_back(std::move(user));
    }
  }
  return users;
}

void require_free_auth(Reads& reads, const std::string& own_id, const Json& auth_data) {
  for (const Json& user : users_with_auth(reads, auth_data)) {
    if (text_of_member(user, "objectId") != own_id) throw Error(error_code::kAccountAlreadyLinked, "this auth is already used");
  }
}

Json merged_auth(const Json* stored, const Json& change) {
  Json merged = stored && stored->is_object() ? *stored : Json::object();
  for (const auto& [provider, data] : change.items()) {
    if (data.is_null()) {
      merged.erase(provider);
    } else {
      merged[provider] = data;
    }
  }
  return merged;
}

std::vector<std::pair<std::string, Json>> auth_values(const Json& auth_data, const std::vector<std::string>& providers) {
  std::vector<std::pair<std::string, Json>> values = {{"authData", auth_data.empty() ? Json() : auth_data}};
  const auto keys = user_keys("authData", auth_data);
  const auto id_under = [&](const std::string& name) {
    const auto found = std::find_if(keys.begin(), keys.end(), [&](const auto& key) { return key.first == name; });
    return found == keys.end() ? Json() : found->second;
  };
  values.emplace_back(auth_key("anonymous"), id_under(auth_key("anonymous")));
  for (const std::string& provider : providers) values.emplace_back(auth_key(provider), id_under(auth_key(provider)));
  return values;
}

std::string provider_names(const Json& auth_data) {
  std::string names;
  for (const auto& [provider, data] : auth_data.items()) {
    if (!data.is_null()) names += (names.empty() ? "" : ",") + provider;
  }
  return names;
}

}  // namespace parsimony
