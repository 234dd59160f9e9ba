#include "cloud/host/registrations.h"

#include <algorithm>

namespace parsimony {
namespace {

// No name holds a NUL.
std::string key_of(std::string_view kind, std::string_view name, std::string_view class_name) {
  std::string key(kind);
  key += '\0';
  key += name;
  key += '\0';
  return key += class_name;
}

std::string text_of(const Json& message, std::string_view member) {
  const std::string* text = find_string(message, member);
  return text ? *text : std::string();
}

}  // namespace

void Registrations::add(const std::string& message) {
  const Json json = parse_json(message);
  Registration row{text_of(json, "kind"), text_of(json, "name"), text_of(json, "className"), Json(), false, text_of(json, "stack"), {}};
  if (const Json* limit = find_member(json, "rateLimit")) row.rate_limit = *limit;
  if (const Json* required = find_member(json, "requireUser")) row.require_user = *required == true;
  if (const Json* methods = find_member(json, "methods")) row.methods = methods->get<std::vector<std::string>>();
  if (row.kind == "trigger") trigger_names_.insert(row.name);
  rows_.insert_or_assign(key_of(row.kind, row.name, row.class_name), row);
}

const Registration* Registrations::find(std::string_view kind, std::string_view name, std::string_view class_name) const {
  const auto found = rows_.find(key_of(kind, name, class_name));
  return found == rows_.end() ? nullptr : &found->second;
}

bool Registrations::has_method(std::string_view adapter, std::string_view method) const {
  const Registration* row = find("adapter", adapter, "");
  return row && std::find(row->methods.begin(), row->methods.end(), method) != row->methods.end();
}

std::vector<std::string> Registrations::names(std::string_view kind) const {
  std::vector<std::string> names;
  for (const auto& [key, row] : rows_) {
    if (row.kind == kind) names.push_back(row.name);
  }
  return names;
}

std::vector<Registration> Registrations::all() const {
  std::vector<Registration> all;
  for (const auto& [key, row] : rows_) all.push_back(row);
  return all;
}

}  // namespace parsimony
