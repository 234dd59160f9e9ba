// One index of a class, as a class definition and /schemas write it:
//
//   {"byPrice": {"price": -1, "name": 1}}            fields and directions
//   {"oneEmail": {"email": 1, "unique": true}}       no two objects may have equal values; unset values never clash
//   {"words": {"name": "text"}}                      for $text
//   {"places": {"location": "2dsphere"}}             geo fields are always indexed; the entry is kept and shown
//
// "unique" is the option where it is a boolean, and a field of that name otherwise.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "types/json.h"

namespace parsimony {

struct IndexKey {
  enum class Kind { Ascending, Descending, Text, Sphere };

  std::string field;
  Kind kind;
};

struct ClassIndex {
  std::string name;
  std::vector<IndexKey> keys;
  bool is_unique = false;

  bool has(IndexKey::Kind kind) const;
  bool names(std::string_view field) const;
};

// The index that Parse Server shows once a class has any other. It is the one on objectId, which every class has.
inline constexpr const char* kIdIndexName = "_id_";
Json id_index();  // {"_id":1}

// Throws 102 for what is no index definition.
ClassIndex decode_index(const std::string& name, const Json& definition);

// Those of ClassSchema::indexes without kIdIndexName.
std::vector<ClassIndex> decode_indexes(const Json& indexes);

}  // namespace parsimony
