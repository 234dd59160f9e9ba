// An object's access control list.
#pragma once
#include <string>
#include <vector>

#include "types/json.h"

namespace parsimony {

// Who may read and who may write: "*", user ids, "role:Name", in the order given. An object without a list is public; an empty
// list is for the master key alone.
struct Acl {
  std::vector<std::string> read;
  std::vector<std::string> write;

  bool operator==(const Acl&) const = default;
};

// Reads {"*":{"read":true},...}; entries that are not true are dropped.
// Throws 123 for anything but an object of objects, and for the key "*unresolved".
Acl decode_acl(const Json& value);
Json encode(const Acl& acl);

}  // namespace parsimony
