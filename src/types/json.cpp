#include "types/json.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

namespace parsimony {
namespace {

constexpr std::size_t kSmallObject = 16;

const std::string* type_marker(const Json::object_t& object) {
  for (const auto& [name, value] : object)
    if (name == "__type") return value.get_ptr<const std::string*>();
  return nullptr;
}

// Whether the object stands for a stored object: a pointer to it, or the object itself where a query included it.
bool is_reference(const Json::object_t& object) {
  const std::string* type = type_marker(object);
  return type != nullptr && (*type == "Pointer" || *type == "Object");
}

bool same_string_member(const Json& a, const Json& b, std::string_view name) {
  const std::string* left = find_string(a, name);
  const std::string* right = find_string(b, name);
  return left != nullptr && right != nullptr && *left == *right;
}

using Member = Json::object_t::value_type;

std::vector<const Member*> sorted_members(const Json::object_t& object) {
  std::vector<const Member*> members;
  members.reserve(object.size());
  for (const Member& member : object) members.push_back(&member);
  std::sort(members.begin(), members.end(), [](const Member* x, const Member* y) { return x->first < y->first; });
  return members;
}

bool large_objects_equal(const Json::object_t& a, const Json::object_t& b) {
  const auto left = sorted_members(a);
  const auto right = sorted_members(b);
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const Member* x, const Member* y) { return x->first == y->first && json_equal(x->second, y->second); });
}

// The number as an integer, if it is one of 64 bits.
std::optional<std::int64_t> whole_number(const Json& value) {
  constexpr double kLimit = 9223372036854775808.0;  // 2^63
  if (value.is_number_integer() && !value.is_number_unsigned()) return value.get<std::int64_t>();
  const double number = value.get<double>();
  if (number < -kLimit || number >= kLimit || number != std::floor(number)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

bool numbers_equal(const Json& a, const Json& b) {
  const auto left = whole_number(a);
  const auto right = whole_number(b);
  if (left || right) return left == right;
  return a.get<double>() == b.get<double>();
}

void append_number_key(std::string& out, const Json& value) {
  if (const auto whole = whole_number(value))
    append_json_number(out, *whole);
  else
    append_json_number(out, value.get<double>());
}

void append_key(std::string& out, const Json& value);

void append_object_key(std::string& out, const Json& value) {
  const auto& object = value.get_ref<const Json::object_t&>();
  const std::string* class_name = find_string(value, "className");
  const std::string* object_id = find_string(value, "objectId");
  if (is_reference(object) && class_name != nullptr && object_id != nullptr) {
    out += '@';
    append_json_string(out, *class_name);
    append_json_string(out, *object_id);
    return;
  }
  out += '{';
  for (const Member* member : sorted_members(object)) {
    append_json_string(out, member->first);
    append_key(out, member->second);
  }
  out += '}';
}

void append_key(std::string& out, const Json& value) {
  if (value.is_object()) {
    append_object_key(out, value);
  } else if (value.is_array()) {
    out += '[';
    for (const Json& element : value) append_key(out, element);
    out += ']';
  } else if (value.is_number()) {
    append_number_key(out, value);
  } else {
    append_json(out, value);
  }
  out += ',';
}

bool objects_equal(const Json& a, const Json& b) {
  const auto& left = a.get_ref<const Json::object_t&>();
  const auto& right = b.get_ref<const Json::object_t&>();
  if (is_reference(left) && is_reference(right) && same_string_member(a, b, "className") && same_string_member(a, b, "objectId"))
    return true;
  if (left.size() != right.size()) return false;
  if (left.size() > kSmallObject) return large_objects_equal(left, right);
  return std::all_of(left.begin(), left.end(), [&](const Member& member) {
    const Json* other = find_member(b, member.first);
    return other != nullptr && json_equal(member.second, *other);
  });
}

}  // namespace

const Json* find_member(const Json& value, std::string_view name) {
  const auto* object = value.get_ptr<const Json::object_t*>();
  if (object == nullptr) return nullptr;
  for (const auto& [key, member] : *object)
    if (key == name) return &member;
  return nullptr;
}

const std::string* find_string(const Json& value, std::string_view name) {
  const Json* member = find_member(value, name);
  return member == nullptr ? nullptr : member->get_ptr<const std::string*>();
}

bool json_equal(const Json& a, const Json& b) {
  if (a.is_object() && b.is_object()) return objects_equal(a, b);
  if (a.is_array() && b.is_array()) return std::equal(a.begin(), a.end(), b.begin(), b.end(), json_equal);
  if (a.is_number() && b.is_number()) return numbers_equal(a, b);
  return a == b;
}

std::string equality_key(const Json& value) {
  std::string key;
  append_key(key, value);
  return key;
}

}  // namespace parsimony
