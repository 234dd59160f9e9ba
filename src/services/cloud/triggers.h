// Runs the triggers of the users' code (server-behaviour.md, section 17) with what every request to it holds.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "access/caller.h"
#include "services/cloud/adapters.h"
#include "services/cloud/cloud_code.h"
#include "services/settings.h"
#include "storage/store.h"

namespace parsimony {

// Functions and triggers within each other; beyond, the call is refused with 141 and their names.
inline constexpr std::size_t kMaxCloudDepth = 16;

// Tell a call within which others it runs, and until when. Throw 141 where there are too many.
void nest(CloudCall& call, const Caller& caller);
void nest(AdapterCall& call, const Caller& caller);

// Thread-safe; borrows all. What runs code waits for it: not to be called with a reader, a transaction or a mutex held.
class Triggers {
 public:
  Triggers(CloudCode& code, Store& store, const ServiceSettings& settings) : code_(code), store_(store), settings_(settings) {}

  bool listen(std::string_view name, std::string_view class_name) const { return code_.has_trigger(name, class_name); }
  bool listen_anywhere(std::string_view name) const { return code_.has_trigger_anywhere(name); }

  // What the trigger answers to `request`, to which the facts about the caller are added. The context that it leaves is the caller's
  // from then on. Throws what the code throws.
  Json run(const std::string& name, const std::string& class_name, const Caller& caller, Json request) const;
  // The same for one whose errors are nobody's any more: they are logged. {} then, and where there is no such trigger.
  Json run_quietly(const std::string& name, const std::string& class_name, const Caller& caller, Json request) const;
  // Any call, with those facts added.
  Json run(CloudCall call, const Caller& caller) const;

  // The object as triggers see it: with its class name, all of it or what the caller may see, as the options say; nothing when no row of
  // `where` is there.
  std::optional<Json> object_for_code(Reads& reads, const ClassSchema& of, const Filter& where, const Caller& caller) const;

  // The facts about the caller that every request holds.
  void add_caller(Json& request, const Caller& caller) const;

 private:
  Json logged_run(const CloudCall& call, const Caller& caller) const;

  CloudCode& code_;
  Store& store_;
  const ServiceSettings& settings_;
};

}  // namespace parsimony
