#include "query/constraint_reader.h"

#include <algorithm>
#include <utility>

#include "common/clock.h"
#include "common/error.h"
#include "query/geo_constraints.h"
#include "query/relative_time.h"
#include "types/date.h"
#include "types/field_type.h"
#include "types/pointer.h"

namespace parsimony {
namespace {

using error_code::kInvalidJson;
using error_code::kInvalidQuery;

struct Operator;
using Read = Filter (*)(const Operator& op, const FieldPath& path, const Json& operand, const Json& around);

struct Operator {
  std::string_view name;
  Comparison comparison;
  Read read;
};

bool is_truthy(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null: return false;
    case Json::value_t::boolean: return value.get<bool>();
    case Json::value_t::string: return !value.get_ref<const std::string&>().empty();
    default: return !value.is_number() || value.get<double>() != 0;
  }
}

void refuse_relative_time(const Json& operand) {
  if (find_member(operand, "$relativeTime"))
    refuse_query(kInvalidJson, "$relativeTime can only be used with the $lt, $lte, $gt, and $gte operators");
}

Filter constraint(const Operator& op, const FieldPath& path, Json operand) {
  return {Constraint{path, op.comparison, std::move(operand), {}}};
}

Filter read_any(const Operator& op, const FieldPath& path, const Json& operand, const Json&) {
  refuse_relative_time(operand);
  return constraint(op, path, read_operand(operand));
}

Json read_relative_time(const Json& text) {
  const auto* words = text.get_ptr<const std::string*>();
  if (!words) refuse_query(kInvalidJson, "bad $relativeTime value, should be a string");
  const auto time = parse_relative_time(*words, now_ms());
  if (const auto* info = std::get_if<std::string>(&time))
    refuse_query(kInvalidJson, "bad $relativeTime (" + words->substr(0, kMaxEchoedLength) + ") value. ", *info);
  constexpr std::int64_t kYear0 = -62'167'219'200'000, kEndOfYear9999 = 253'402'300'799'999;
  Json date = encode_date(iso_date(std::clamp(std::get<std::int64_t>(time), kYear0, kEndOfYear9999)));
  date["$relativeTime"] = text;
  return date;
}

Filter read_ordered(const Operator& op, const FieldPath& path, const Json& operand, const Json&) {
  if (const Json* relative = find_member(operand, "$relativeTime")) return constraint(op, path, read_relative_time(*relative));
  const std::string* type = find_string(operand, "__type");
  const bool has_order = operand.is_string() || operand.is_number() || (type != nullptr && *type == "Date");
  if (!has_order) refuse_query(kInvalidJson, std::string("bad ").append(op.name).append(" value"));
  return constraint(op, path, read_operand(operand));
}

Filter read_list(const Operator& op, const FieldPath& path, const Json& operand, const Json&) {
  if (!operand.is_array()) refuse_query(kInvalidJson, std::string("bad ").append(op.name).append(" value"));
  Json list = Json::array();
  for (const Json& element : operand) {
    if (element.is_array()) {
      for (const Json& inner : element) list.push_back(read_operand(inner));
    } else {
      list.push_back(read_operand(element));
    }
  }
  return constraint(op, path, std::move(list));
}

Filter read_contained_by(const Operator& op, const FieldPath& path, const Json& operand, const Json&) {
  if (!operand.is_array()) refuse_query(kInvalidJson, "bad $containedBy: should be an array");
  Json list = Json::array();
  for (const Json& element : operand) list.push_back(read_operand(element));
  return constraint(op, path, std::move(list));
}

// An array has all of some values when it has each of them; every array element is looked at for a regular expression anyway.
Filter read_all(const Operator&, const FieldPath& path, const Json& operand, const Json&) {
  if (!operand.is_array()) refuse_query(kInvalidJson, "bad $all value");
  const auto is_regex = [](const Json& element) { return find_string(element, "$regex") != nullptr; };
  const bool any_regex = std::any_of(operand.begin(), operand.end(), is_regex);
  if (any_regex && !std::all_of(operand.begin(), operand.end(), is_regex))
    refuse_query(kInvalidJson, "All $all values must be of regex type or none: ", to_json_text(operand));
  if (operand.empty()) return {AnyOf{}};
  std::vector<Filter> each;
  for (const Json& element : operand) {
    if (any_regex) {
      each.push_back({Constraint{path, Comparison::Regex, *find_string(element, "$regex"), {}}});
    } else {
      each.push_back({Constraint{path, Comparison::Equal, read_operand(element), {}}});
    }
  }
  return all_of(std::move(each));
}

Filter read_exists(const Operator& op, const FieldPath& path, const Json& operand, const Json&) {
  refuse_relative_time(operand);
  return constraint(op, path, is_truthy(operand));
}

std::string read_regex_options(const Json& around) {
  std::string kept;
  const Json* options = find_member(around, "$options");
  if (options == nullptr) return kept;
  const auto* letters = options->get_ptr<const std::string*>();
  if (letters == nullptr) refuse_query(kInvalidQuery, "$options value must be a string");
  if (letters->empty() || letters->find_first_not_of("imxsu") != std::string::npos)
    refuse_query(kInvalidQuery, "Bad $options value for query: ", *letters);
  for (const char letter : *letters) {
    if (kept.find(letter) == std::string::npos) kept += letter;
  }
  return kept;
}

Filter read_regex(const Operator& op, const FieldPath& path, const Json& operand, const Json& around) {
  if (!operand.is_string()) refuse_query(kInvalidQuery, "$regex value must be a string");
  return {Constraint{path, op.comparison, operand, read_regex_options(around)}};
}

Filter read_near(const Operator&, const FieldPath& path, const Json& operand, const Json& around) {
  return read_near_sphere(path, operand, around);
}

template <Filter (*read)(const FieldPath&, const Json&)>
Filter read_place(const Operator&, const FieldPath& path, const Json& operand, const Json&) {
  return read(path, operand);
}

bool read_text_flag(const Json& search, const char* name) {
  const Json* flag = find_member(search, name);
  if (!flag || !is_truthy(*flag)) return false;
  if (!flag->is_boolean()) refuse_query(kInvalidJson, std::string("bad $text: ") + name + ", should be boolean");
  return true;
}

Filter read_text(const Operator& op, const FieldPath& path, const Json& operand, const Json&) {
  constexpr std::size_t kMaxTermBytes = 2000;
  const Json* search = find_member(operand, "$search");
  if (!search || !search->is_object()) refuse_query(kInvalidJson, "bad $text: $search, should be object");
  const std::string* term = find_string(*search, "$term");
  if (!term || term->empty()) refuse_query(kInvalidJson, "bad $text: $term, should be string");
  if (term->size() > kMaxTermBytes)
    refuse_query(kInvalidQuery, "bad $text: $term is longer than " + std::to_string(kMaxTermBytes) + " bytes");
  const Json* language = find_member(*search, "$language");
  if (language && is_truthy(*language) && !language->is_string()) refuse_query(kInvalidJson, "bad $text: $language, should be string");
  return constraint(op, path,
                    {{"term", *term},
                     {"caseSensitive", read_text_flag(*search, "$caseSensitive")},
                     {"diacriticSensitive", read_text_flag(*search, "$diacriticSensitive")}});
}

constexpr Operator kOperators[] = {
    {"$eq", Comparison::Equal, read_any},
    {"$ne", Comparison::NotEqual, read_any},
    {"$lt", Comparison::Less, read_ordered},
    {"$lte", Comparison::LessOrEqual, read_ordered},
    {"$gt", Comparison::Greater, read_ordered},
    {"$gte", Comparison::GreaterOrEqual, read_ordered},
    {"$in", Comparison::In, read_list},
    {"$nin", Comparison::NotIn, read_list},
    {"$all", Comparison::In, read_all},
    {"$containedBy", Comparison::ContainedBy, read_contained_by},
    {"$exists", Comparison::Exists, read_exists},
    {"$regex", Comparison::Regex, read_regex},
    {"$text", Comparison::Text, read_text},
    {"$nearSphere", Comparison::Near, read_near},
    {"$within", Comparison::WithinBox, read_place<read_within>},
    {"$geoWithin", Comparison::WithinPolygon, read_place<read_geo_within>},
    {"$geoIntersects", Comparison::Intersects, read_place<read_geo_intersects>},
};

}  // namespace

void refuse_query(int code, std::string_view reason, std::string_view detail) {
  throw Error(code, std::string(reason).append(detail.substr(0, kMaxEchoedLength)));
}

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

Filter read_operator(const FieldPath& path, std::string_view op, const Json& operand, const Json& around) {
  for (const Operator& known : kOperators) {
    if (known.name == op) return known.read(known, path, operand, around);
  }
  refuse_query(kInvalidJson, "bad constraint: ", op);
}

bool belongs_to_other_operator(std::string_view op, const Json& around) {
  return (op == "$options" && find_member(around, "$regex")) || (is_max_distance(op) && find_member(around, "$nearSphere"));
}

}  // namespace parsimony
