// The values that an application shares with all its clients (server-behaviour.md, section 13).
//
// Kept as one note of the store, JSON:
//   {"params":{"name":value,...},"masterKeyOnly":{"name":true,...}}
// Values are of any type, in Parse's encoding, and come back as they were given.
#pragma once
#include "access/caller.h"
#include "services/cloud/triggers.h"
#include "storage/store.h"
#include "types/json.h"

namespace parsimony {

// Thread-safe; borrows both.
class ConfigService {
 public:
  ConfigService(Store& store, const Triggers& triggers) : store_(store), triggers_(triggers) {}

  // {"params":...,"masterKeyOnly":...}; clients get neither the flagged parameters nor their flags. {"params":{}} before the first save.
  Json get(const Caller& caller) const;

  // Merges `body`, {"params":{...},"masterKeyOnly":{"name":true}}, for the master key; the route asks for it. A parameter may be an
  // operator ({"__op":"Delete"} takes it away); saving one without its flag makes it public. Throws 105 and 107 for what is malformed,
  // and what an operator throws.
  // The triggers beforeSave, which may refuse, and afterSave of "@Config" run around it.
  void update(const Caller& caller, const Json& body) const;

 private:
  Store& store_;
  const Triggers& triggers_;
};

}  // namespace parsimony
