#include "query/update.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <utility>

#include "common/error.h"
#include "types/class_schema.h"
#include "types/pointer.h"

namespace parsimony {
namespace {

constexpr std::size_t kMaxEchoLength = 100;

[[noreturn]] void refuse(int code, std::string_view reason, std::string_view detail = {}, std::string_view rest = {}) {
  throw Error(code, std::string(reason).append(detail.substr(0, kMaxEchoLength)).append(rest));
}

// ---- Reading

bool is_all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

FieldPath read_path(std::string_view name) {
  FieldPath path = FieldPath::parse(name.substr(0, kMaxPathLength + 1));
  const bool is_too_long = name.size() > kMaxPathLength || path.field.size() > kMaxNameLength;
  const bool has_empty_step = std::any_of(path.inner.begin(), path.inner.end(), [](const auto& step) { return step.empty(); });
  if (is_too_long || has_empty_step || !is_valid_field_name(path.field))
    refuse(error_code::kInvalidKeyName, "Invalid field name: ", name, ".");
  if (name.find('$') != std::string_view::npos)
    refuse(error_code::kInvalidNestedKey, "Nested keys should not contain the '$' or '.' characters");
  return path;
}

void require_valid_value(const Json& value) {
  const auto spec = type_of_value(value);
  if (spec && (spec->type == FieldType::Object || spec->type == FieldType::Array)) require_valid_nested_keys(value);
}

const Json& member_of(const Json& operation, std::string_view name) {
  static const Json kMissing;
  const Json* member = find_member(operation, name);
  return member == nullptr ? kMissing : *member;
}

Json read_nothing(const Json&) { return nullptr; }

Json read_amount(const Json& operation) {
  const Json& amount = member_of(operation, "amount");
  if (!amount.is_number()) refuse(error_code::kInvalidJson, "incrementing must provide a number");
  return amount;
}

Json read_inserted(const Json& operation) {
  const Json& value = member_of(operation, "amount");
  require_valid_value(value);
  return value;
}

Json read_added(const Json& operation) {
  const Json& objects = member_of(operation, "objects");
  if (!objects.is_array()) refuse(error_code::kInvalidJson, "objects to add must be an array");
  require_valid_nested_keys(objects);
  return objects;
}

Json read_removed(const Json& operation) {
  const Json& objects = member_of(operation, "objects");
  if (!objects.is_array()) refuse(error_code::kInvalidJson, "objects to remove must be an array");
  return objects;
}

// An object in full stands for a pointer to it.
Json read_related(const Json& object) {
  const std::string* type = find_string(object, "__type");
  const std::string* class_name = find_string(object, "className");
  const std::string* object_id = find_string(object, "objectId");
  const bool is_reference = type != nullptr && (*type == "Pointer" || *type == "Object") && class_name != nullptr && object_id != nullptr;
  if (!is_reference || class_name->empty() || object_id->empty())
    refuse(error_code::kInvalidJson, "the objects of a relation must be pointers to saved objects");
  return encode_pointer(*class_name, *object_id);
}

Json read_relation(const Json& operation) {
  const Json& objects = member_of(operation, "objects");
  if (!objects.is_array() || objects.empty()) refuse(error_code::kInvalidJson, "the objects of a relation must be an array of pointers");
  Json pointers = Json::array();
  for (const Json& object : objects) {
    pointers.push_back(read_related(object));
    if (*find_string(pointers.back(), "className") != *find_string(pointers.front(), "className"))
      refuse(error_code::kIncorrectType, "the objects of a relation must be of one class");
  }
  return pointers;
}

struct Operator {
  std::string_view name;
  UpdateKind kind;
  Json (*read_operand)(const Json& operation);
};
constexpr Operator kOperators[] = {
    {"Increment", UpdateKind::Increment, read_amount},
    {"Delete", UpdateKind::Delete, read_nothing},
    {"Add", UpdateKind::Add, read_added},
    {"AddUnique", UpdateKind::AddUnique, read_added},
    {"Remove", UpdateKind::Remove, read_removed},
    {"SetOnInsert", UpdateKind::SetOnInsert, read_inserted},
    {"AddRelation", UpdateKind::AddRelation, read_relation},
    {"RemoveRelation", UpdateKind::RemoveRelation, read_relation},
};

[[noreturn]] void refuse_operator(std::string_view name) {
  refuse(error_code::kCommandUnavailable, "The ", name, " operator is not supported yet.");
}

FieldUpdate read_operation(const FieldPath& path, const Json& operation) {
  const std::string* name = find_string(operation, "__op");
  if (name == nullptr) refuse_operator(to_json_text(member_of(operation, "__op")));
  const auto* const known =
      std::find_if(std::begin(kOperators), std::end(kOperators), [&](const Operator& op) { return op.name == *name; });
  if (known == std::end(kOperators)) refuse_operator(*name);
  FieldUpdate update{path, known->kind, known->read_operand(operation)};
  if (is_relation_update(update) && !path.inner.empty())
    refuse(error_code::kIncorrectType, "a relation cannot lie within another field: ", path.text());
  return update;
}

void read_batch(Update& out, const FieldPath& path, const Json& batch) {
  const Json& operations = member_of(batch, "ops");
  if (!operations.is_array() || operations.empty()) refuse(error_code::kInvalidJson, "the ops of a Batch must be an array of operators");
  if (operations.size() > kMaxBatchOperations)
    refuse(error_code::kInvalidJson, "a Batch holds at most ", std::to_string(kMaxBatchOperations), " operators");
  for (const Json& operation : operations) out.push_back(read_operation(path, operation));
}

// As in JavaScript, an empty or null `__op` marks no operator.
bool is_operation(const Json& value) {
  const Json* op = find_member(value, "__op");
  return op != nullptr && !op->is_null() && *op != "" && *op != false && *op != 0;
}

void read_field(Update& out, const std::string& name, const Json& value) {
  const FieldPath path = read_path(name);
  if (const std::string* op = find_string(value, "__op"); op != nullptr && *op == "Batch") {
    read_batch(out, path, value);
  } else if (is_operation(value)) {
    out.push_back(read_operation(path, value));
  } else {
    if (path.field != "ACL") require_valid_value(value);
    out.push_back({path, UpdateKind::Set, value});
  }
}

// ---- Applying

Json sum(const Json& current, const Json& amount) {
  if (current.is_number_integer() && amount.is_number_integer()) {
    std::int64_t whole = 0;
    if (!__builtin_add_overflow(current.get<std::int64_t>(), amount.get<std::int64_t>(), &whole)) return whole;
  }
  const double total = current.get<double>() + amount.get<double>();
  if (!std::isfinite(total)) refuse(error_code::kIncorrectType, "Increment leads beyond the largest number");
  return total;
}

// Looking elements up by their keys keeps the time off the product of the two lengths.
using Keys = std::set<std::string>;

Json append_missing(Json list, const Json& objects) {
  Keys present;
  for (const Json& element : list) present.insert(equality_key(element));
  for (const Json& object : objects)
    if (present.insert(equality_key(object)).second) list.push_back(object);
  return list;
}

Json without(const Json& list, const Json& objects) {
  Keys removed;
  for (const Json& object : objects) removed.insert(equality_key(object));
  Json kept = Json::array();
  for (const Json& element : list)
    if (!removed.contains(equality_key(element))) kept.push_back(element);
  return kept;
}

Json append_all(Json list, const Json& objects) {
  for (const Json& object : objects) list.push_back(object);
  return list;
}

void require_current(bool fits, const FieldUpdate& update, std::string_view expected) {
  if (!fits) refuse(error_code::kIncorrectType, "The value of " + update.path.text().substr(0, kMaxEchoLength) + " is not ", expected);
}

Json change_list(const FieldUpdate& update, Json current, bool is_create) {
  require_current(current.is_null() || current.is_array(), update, "an array");
  const bool keeps_duplicates = update.kind == UpdateKind::Add || (is_create && current.is_null());
  if (current.is_null()) current = Json::array();
  if (update.kind == UpdateKind::Remove) return without(current, update.operand);
  return keeps_duplicates ? append_all(std::move(current), update.operand) : append_missing(std::move(current), update.operand);
}

// The value at the end of the path after the change.
Json change_value(const FieldUpdate& update, Json current, bool is_create) {
  switch (update.kind) {
    case UpdateKind::Set: return update.operand;
    case UpdateKind::SetOnInsert: return is_create ? update.operand : current;
    case UpdateKind::Increment:
      require_current(current.is_null() || current.is_number(), update, "a number");
      return current.is_null() ? update.operand : sum(current, update.operand);
    case UpdateKind::Add:
    case UpdateKind::AddUnique:
    case UpdateKind::Remove: return change_list(update, std::move(current), is_create);
    case UpdateKind::Delete:
    case UpdateKind::AddRelation:
    case UpdateKind::RemoveRelation: break;
  }
  return nullptr;
}

std::size_t depth_of(const Json& value) {
  if (!value.is_structured()) return 0;
  std::size_t deepest = 0;
  for (const Json& member : value) deepest = std::max(deepest, depth_of(member));
  return deepest + 1;
}

// Applies one change within the value of a field.
class InnerChange {
 public:
  InnerChange(const FieldUpdate& update, bool is_create) : update_(update), is_create_(is_create) {}

  // `value` lies `depth` steps into the path.
  void apply(Json& value, std::size_t depth) const {
    const std::vector<std::string>& steps = update_.path.inner;
    if (depth == steps.size()) {
      value = change_value(update_, std::move(value), is_create_);
      return;
    }
    if (value.is_null()) {
      if (is_removal()) return;
      value = is_all_digits(steps[depth]) ? Json::array() : Json::object();
    }
    if (value.is_array()) {
      apply_to_element(value, depth);
    } else {
      require_current(value.is_object(), update_, "inside an object or array");
      apply_to_member(value, depth);
    }
  }

 private:
  bool is_removal() const { return update_.kind == UpdateKind::Delete || (update_.kind == UpdateKind::Set && update_.operand.is_null()); }

  void apply_to_member(Json& object, std::size_t depth) const {
    const std::string& name = update_.path.inner[depth];
    Json& member = object[name];
    apply(member, depth + 1);
    if (member.is_null()) object.erase(name);
  }

  void apply_to_element(Json& array, std::size_t depth) const {
    const std::string& step = update_.path.inner[depth];
    std::size_t index = 0;
    const bool is_index = is_all_digits(step) && std::from_chars(step.data(), step.data() + step.size(), index).ec == std::errc();
    if (!is_index || index > array.size()) refuse(error_code::kIncorrectType, "There is no element at ", update_.path.text());
    if (index == array.size()) {
      if (is_removal()) return;
      array.push_back(nullptr);
    }
    apply(array[index], depth + 1);
  }

  const FieldUpdate& update_;
  bool is_create_;
};

}  // namespace

Update parse_update(const Json& body) {
  if (body.is_array()) refuse(error_code::kInvalidKeyName, "Invalid field name: 0.");  // an array is an object with such names
  const auto* members = body.get_ptr<const Json::object_t*>();
  if (members == nullptr) refuse(error_code::kInvalidJson, "the fields to save must be a JSON object");
  if (members->size() > kMaxFieldsInUpdate)
    refuse(error_code::kInvalidJson, "a save changes at most ", std::to_string(kMaxFieldsInUpdate), " fields");
  Update update;
  for (const auto& [name, value] : *members) read_field(update, name, value);
  const auto dotted = std::count_if(update.begin(), update.end(), [](const FieldUpdate& u) { return !u.path.inner.empty(); });
  if (std::cmp_greater(dotted, kMaxDottedUpdates))
    refuse(error_code::kInvalidJson, "a save changes at most ", std::to_string(kMaxDottedUpdates), " dotted fields");
  return update;
}

std::optional<FieldSpec> implied_type(const FieldUpdate& update) {
  if (update.kind == UpdateKind::Delete || update.operand.is_null()) return std::nullopt;
  if (!update.path.inner.empty()) return FieldSpec{is_all_digits(update.path.inner.front()) ? FieldType::Array : FieldType::Object, {}};
  switch (update.kind) {
    case UpdateKind::Increment: return FieldSpec{FieldType::Number, {}};
    case UpdateKind::Add:
    case UpdateKind::AddUnique:
    case UpdateKind::Remove: return FieldSpec{FieldType::Array, {}};
    case UpdateKind::AddRelation:
    case UpdateKind::RemoveRelation: return FieldSpec{FieldType::Relation, *find_string(update.operand.front(), "className")};
    default: break;
  }
  return update.path.field == "ACL" ? FieldSpec{FieldType::Acl, {}} : type_of_value(update.operand);
}

Json apply_update(const FieldUpdate& update, Json current, bool is_create) {
  InnerChange(update, is_create).apply(current, 0);
  // What is stored must be readable again.
  if (!update.path.inner.empty() && depth_of(current) > kMaxJsonDepth)
    refuse(error_code::kInvalidJson, "nested deeper than " + std::to_string(kMaxJsonDepth) + " levels: ", update.path.text());
  return current;
}

bool answers_with_value(const FieldUpdate& update) {
  return update.kind == UpdateKind::Increment || update.kind == UpdateKind::Add || update.kind == UpdateKind::AddUnique ||
         update.kind == UpdateKind::Remove;
}

}  // namespace parsimony
