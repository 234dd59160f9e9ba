#include "services/transfer/object_import.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/clock.h"
#include "common/error.h"
#include "common/random.h"
#include "services/users/user_keys.h"
#include "storage/row_codec.h"
#include "types/acl.h"
#include "types/date.h"

namespace parsimony {
namespace {

using Cells = std::vector<Cell>;

// The text that a digest of the object gives: always the same for the same object, so that importing it again finds it.
std::string id_from_digest(const std::string& hex, std::size_t length) {
  constexpr std::string_view kAlphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string id;
  for (std::size_t i = 0; id.size() < length; i = (i + 2) % hex.size()) {
    id += kAlphanumeric[std::stoul(hex.substr(i, 2), nullptr, 16) % kAlphanumeric.size()];
  }
  return id;
}

std::string read_object_id(const Json& value) {
  const auto* id = value.get_ptr<const std::string*>();
  if (!id || id->empty() || id->size() > kMaxNameLength) {
    throw Error(error_code::kMissingObjectId, "objectId must be a text of 1 to " + std::to_string(kMaxNameLength) + " bytes");
  }
  return *id;
}

std::string read_date(const std::string& name, const Json& value) {
  const auto date = decode_date(value);
  if (!date) throw Error(error_code::kIncorrectType, name + " is no date such as \"2020-01-31T10:00:00.000Z\"");
  return *date;
}

FieldSpec read_type(const std::string& name, const Json& value) {
  const std::string* encoded = find_string(value, "__type");
  if (encoded && *encoded == "Object") {
    throw Error(error_code::kIncorrectType, name +
                                                " holds a whole object (\"__type\":\"Object\"), as a query with \"include\" answers; "
                                                "a file to import has a pointer there and the object in the file of its class");
  }
  return *type_of_value(value);
}

Cells cells_of(const FieldValues& values) {
  Cells cells;
  for (const FieldValue& value : values) encode_cells(*value.field, value.value, cells);
  return cells;
}

bool is_equal(const Cell& cell, const Row& row, int column) {
  const CellType type = row.type(column);
  if (const auto* text = std::get_if<std::string>(&cell)) return type == CellType::Text && row.text(column) == *text;
  if (std::holds_alternative<std::monostate>(cell)) return type == CellType::Null;
  // A column keeps a whole real as an integer, and a geo point's integer as a real.
  if (type != CellType::Integer && type != CellType::Real) return false;
  if (const auto* integer = std::get_if<std::int64_t>(&cell); integer && type == CellType::Integer) return row.integer(column) == *integer;
  const auto* real = std::get_if<double>(&cell);
  return row.real(column) == (real ? *real : static_cast<double>(std::get<std::int64_t>(cell)));
}

bool are_equal(const Cells& cells, const Row& row) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!is_equal(cells[i], row, static_cast<int>(i))) return false;
  }
  return true;
}

}  // namespace

ObjectImport::ObjectImport(Transaction& transaction, ImportedClasses& classes, const ImportFile& file, const ImportOptions& options,
                           ImportCounts& counts)
    : transaction_(transaction),
      classes_(classes),
      file_(file),
      options_(options),
      counts_(counts),
      class_(&classes.require_class(file.class_name)) {}

std::string ObjectImport::add(JsonElement& element) {
  Incoming object = read(element);
  std::string id = object.object_id;
  if (!classes_.was_empty(class_->name()) && make_equal(object, element)) return id;
  insert(std::move(object), element);
  ++counts_.added;
  return id;
}

ObjectImport::Incoming ObjectImport::read(JsonElement& element) {
  auto* members = element.value.get_ptr<Json::object_t*>();
  if (!members) throw ImportError(place_text(file_.path, element.place()), "expected an object, {...}");
  Incoming object;
  if (!find_member(element.value, "objectId")) object.object_id = made_id(element);
  for (auto& [name, value] : *members) {
    const ValuePlace place{file_.path, element, name};
    try {
      take_member(object, name, value, place);
    } catch (const Error& error) {
      throw ImportError(place.text(), error.message());
    }
  }
  return object;
}

void ObjectImport::take_member(Incoming& object, const std::string& name, Json& value, const ValuePlace& place) {
  if (name == "objectId") {
    object.object_id = read_object_id(value);
  } else if (value.is_null()) {
    return;
  } else if (name == "createdAt") {
    object.created_at = read_date(name, value);
  } else if (name == "updatedAt") {
    object.updated_at = read_date(name, value);
  } else if (name == "ACL") {
    object.values.push_back({class_->find(name), encode(decode_acl(value))});
  } else {
    take_field(object, value, place);
  }
}

void ObjectImport::take_field(Incoming& object, Json& value, const ValuePlace& place) {
  const bool is_user = class_->name() == "_User";
  if (is_user && is_user_key(place.member)) return;   // made anew
  if (is_user && place.member == "bcryptPassword") {  // as other servers call it in their exports
    object.values.push_back({class_->find("_hashed_password"), std::move(value)});
    return;
  }
  if (is_user && place.member == "password") {
    throw Error(error_code::kIncorrectType, "a password cannot be imported; give its bcrypt hash as \"bcryptPassword\", or leave it out");
  }
  if (is_user) {
    for (const auto& [key, of_value] : user_keys(place.member, value)) {
      if (const Field* field = class_->find(key)) object.values.push_back({field, of_value});
    }
  }
  const FieldSpec spec = read_type(place.member, value);
  class_ = &classes_.require_field(*class_, spec, place);
  if (spec.type != FieldType::Relation) object.values.push_back({class_->find(place.member), std::move(value)});
}

std::string ObjectImport::made_id(const JsonElement& element) {
  const std::string content = class_->name() + "\n" + to_json_text(element.value);
  const std::size_t before = made_ids_[sha256_hex(content)]++;
  return id_from_digest(sha256_hex(content + "\n" + std::to_string(before)), options_.object_id_size);
}

void ObjectImport::insert(Incoming object, const JsonElement& element) {
  if (!object.created_at) object.created_at = now_iso();
  if (!object.updated_at) object.updated_at = object.created_at;
  FieldValues& values = object.values;
  // Whatever the order in the file, one statement serves all objects with the same fields.
  std::sort(values.begin(), values.end(), [](const FieldValue& a, const FieldValue& b) { return a.field->name < b.field->name; });
  values.push_back({class_->find("objectId"), object.object_id});
  values.push_back({class_->find("createdAt"), std::move(*object.created_at)});
  values.push_back({class_->find("updatedAt"), std::move(*object.updated_at)});
  try {
    transaction_.insert(*class_, values);
  } catch (const Error& error) {
    if (error.code() != error_code::kDuplicateValue) throw;
    if (transaction_.count(*class_, equals("objectId", object.object_id)) == 0) refuse_clash(object.object_id, element);
    throw ImportError(place_text(file_.path, element.place_of("objectId")),
                      "there is already an object with the objectId \"" + object.object_id + "\" in these files");
  }
}

void ObjectImport::refuse_clash(const std::string& object_id, const JsonElement& element) const {
  throw ImportError(place_text(file_.path, element.place()), "the object \"" + object_id +
                                                                 "\" has values that must be unique by an index of class " +
                                                                 class_->name() + ", and another object has them already");
}

bool ObjectImport::make_equal(const Incoming& object, const JsonElement& element) {
  FieldValues values;
  std::vector<const Field*> fields;
  const auto set = [&](const Field& field, Json value) {
    fields.push_back(&field);
    values.push_back({&field, std::move(value)});
  };
  for (const Field& field : class_->fields()) {
    if (field.spec.type == FieldType::Relation || field.name == "objectId") continue;
    if (field.name == "createdAt") {
      if (object.created_at) set(field, *object.created_at);
    } else if (field.name == "updatedAt") {
      if (object.updated_at) set(field, *object.updated_at);
    } else {
      const auto value = std::find_if(object.values.begin(), object.values.end(),
                                      [&](const FieldValue& candidate) { return candidate.field->name == field.name; });
      const bool is_given = value != object.values.end();
      // A file without passwords takes none away.
      if (is_given || !is_internal_field(field.name)) set(field, is_given ? value->value : Json());
    }
  }
  bool exists = false;
  bool is_changed = false;
  const Cells cells = cells_of(values);
  const Filter where = equals("objectId", object.object_id);
  transaction_.find(Select{class_, fields, &where, {}, 1, 0}, [&](const Row& row) {
    exists = true;
    is_changed = !are_equal(cells, row);
  });
  if (is_changed && !object.updated_at) values.push_back({class_->find("updatedAt"), now_iso()});
  if (is_changed) update(object.object_id, values, element);
  if (exists) ++(is_changed ? counts_.changed : counts_.unchanged);
  return exists;
}

void ObjectImport::update(const std::string& object_id, const FieldValues& values, const JsonElement& element) {
  try {
    transaction_.update(*class_, object_id, values);
  } catch (const Error& error) {
    if (error.code() != error_code::kDuplicateValue) throw;
    refuse_clash(object_id, element);
  }
}

}  // namespace parsimony
