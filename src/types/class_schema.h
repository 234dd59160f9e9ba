// What a class is: its fields, their types and options, its permissions, and where they lie in the database.
//
// Immutable once it is part of a SchemaSnapshot; shared between threads without a lock.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "types/collation.h"
#include "types/field_type.h"
#include "types/json.h"

namespace parsimony {

// What becomes of an object when the one that its Pointer or Relation field leads to is deleted.
enum class OnDelete {
  None,     // nothing; the field leads nowhere then, as in Parse Server
  Clear,    // the field is unset, or the relation loses that member
  Cascade,  // the object is deleted, too
  Restrict  // the deletion is refused
};
std::string_view to_text(OnDelete action);  // "none", ... "restrict"
std::optional<OnDelete> on_delete_from_text(std::string_view text);

struct Field {
  std::string name;
  FieldSpec spec;
  bool required = false;
  std::optional<Json> default_value;  // in Parse's JSON encoding
  OnDelete on_delete = OnDelete::None;
  Collation collation = Collation::Exact;  // String fields: how a query compares and orders them where it does not say
  // An index of the product's own, by which it finds objects; not one of the class's `indexes`.
  std::optional<Collation> lookup;
  // The physical column (a GeoPoint has two, with ".latitude" and ".longitude" after this name), or for a Relation the join
  // table. Chosen by storage; empty for ACL.
  std::string column;
};

class ClassSchema {
 public:
  // `fields` begins with objectId, createdAt, updatedAt, ACL (see base_fields()).
  ClassSchema(std::string name, std::vector<Field> fields);

  const std::string& name() const { return name_; }
  const std::vector<Field>& fields() const { return fields_; }  // in the order they were defined
  const Field* find(std::string_view field_name) const;         // null when the class has no such field

  // Replaces one of the same name. Only while the class is not part of a SchemaSnapshot.
  void set_field(Field field);
  // Copies with one thing changed, for storage to swap in.
  ClassSchema with_field(Field field) const;  // replaces one of the same name
  ClassSchema without_field(std::string_view field_name) const;

  std::string table;  // physical; chosen by storage
  // Class-level permissions as defined; nothing when none are stored, which allows everything.
  std::optional<Json> permissions;
  // Index definitions as shown by /schemas, {"name":{"field":1}}; null when there are none.
  Json indexes;

 private:
  std::string name_;
  std::vector<Field> fields_;
  std::unordered_map<std::string, std::size_t> position_;
};

// objectId, createdAt, updatedAt, ACL.
std::vector<Field> base_fields();
bool is_base_field(std::string_view name);

// All classes at one moment. Never changed: a change makes a new one with a higher version.
struct SchemaSnapshot {
  std::int64_t version = 0;
  std::map<std::string, std::shared_ptr<const ClassSchema>, std::less<>> classes;

  const ClassSchema* find(std::string_view class_name) const;
};

// Name rules (server-behaviour.md, section 5.1); neither name is longer than kMaxNameLength.
bool is_valid_class_name(std::string_view name);  // a system class, or ^[A-Za-z][A-Za-z0-9_]*$
bool is_valid_field_name(std::string_view name);  // ^[A-Za-z][A-Za-z0-9_]*$, not "length", not "className"
bool is_system_class(std::string_view name);      // _User, _Role, ...
// A field of a built-in class that only the product itself and the maintenance key see: _hashed_password, ...
inline bool is_internal_field(std::string_view name) { return name.starts_with('_'); }
inline constexpr std::size_t kMaxNameLength = 128;

}  // namespace parsimony
