// The cases of filter_cases.json, which the matcher and the reader in SQL must both get right.
//
// A case is [where, ids of the objects that it finds] and, where rights are concerned, {"read": [principals]} or {"write": ...}; for
// texts that are compared otherwise than byte by byte {"collation": 2} or 1, as in types/collation.h.
#pragma once
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "query/where_parser.h"
#include "types/class_schema.h"

namespace parsimony {

struct FilterCase {
  std::string text;
  Filter filter;
  std::string ids;  // in order, with a space between
};

struct FilterCases {
  std::string about;
  std::vector<Field> fields;  // beside those of every class
  Json objects;               // by id, without the server's own fields but for ACL
  std::vector<FilterCase> cases;
};

// "Number", "Pointer<Other>"
inline Field field_from_text(const std::string& name, const std::string& type) {
  const std::size_t open = type.find('<');
  Field field;
  field.name = name;
  field.spec.type = field_type_from_text(type.substr(0, open)).value();
  if (open != std::string::npos) field.spec.target_class = type.substr(open + 1, type.size() - open - 2);
  return field;
}

inline void set_collation(Filter& filter, Collation collation) {
  std::vector<Filter>* members = nullptr;
  if (auto* all = std::get_if<AllOf>(&filter.node)) members = &all->of;
  if (auto* any = std::get_if<AnyOf>(&filter.node)) members = &any->of;
  if (auto* none = std::get_if<NoneOf>(&filter.node)) members = &none->of;
  if (auto* constraint = std::get_if<Constraint>(&filter.node)) constraint->collation = collation;
  for (std::size_t i = 0; members && i < members->size(); ++i) set_collation((*members)[i], collation);
}

inline FilterCase filter_case(const Json& row) {
  FilterCase made{to_json_text(row[0]), parse_where(row[0]), row[1].get<std::string>()};
  if (row.size() < 3) return made;
  made.text += " with " + to_json_text(row[2]);
  if (const Json* strength = find_member(row[2], "collation")) {
    set_collation(made.filter, decode_collation({{"strength", *strength}}));
    return made;
  }
  const bool reads = row[2].contains("read");
  Permits permits{reads ? Permits::Right::Read : Permits::Right::Write,
                  row[2].at(reads ? "read" : "write").get<std::vector<std::string>>()};
  made.filter = all_of({std::move(made.filter), Filter{std::move(permits)}});
  return made;
}

inline std::vector<FilterCases> all_filter_cases() {
  std::ifstream file(PARSIMONY_SOURCE_DIR "/tests/unit/shared/filter_cases.json");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::vector<FilterCases> all;
  for (const Json& group : parse_json(text)) {
    FilterCases cases{group.at("about").get<std::string>(), {}, group.at("objects"), {}};
    for (const auto& [name, type] : group.at("fields").items()) cases.fields.push_back(field_from_text(name, type.get<std::string>()));
    for (const Json& row : group.at("cases")) cases.cases.push_back(filter_case(row));
    all.push_back(std::move(cases));
  }
  return all;
}

// The object as a find answers it.
inline Json whole_object(const std::string& id, const Json& own) {
  constexpr const char* kNow = "2020-01-01T00:00:00.000Z";
  Json object = {{"objectId", id}, {"createdAt", kNow}, {"updatedAt", kNow}};
  for (const auto& [name, value] : own.items()) object[name] = value;
  return object;
}

}  // namespace parsimony
