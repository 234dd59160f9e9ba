// Finding and getting objects (server-behaviour.md, section 3).
#pragma once
#include <string>

#include "query/find_options.h"
#include "services/settings.h"
#include "storage/store.h"

namespace parsimony {

// The class that a find means: redirectClassNameForKey leads over a relation to another one, as in Parse.
std::string redirected_class(const SchemaSnapshot& classes, const std::string& class_name, const FindOptions& options);

// Thread-safe; borrows the store and the settings.
class ObjectReader {
 public:
  ObjectReader(Store& store, const ServiceSettings& settings) : store_(store), settings_(settings) {}

  // The answer to a find as JSON text: {"results":[...]}, with "count" when it was asked for. With "explain" the results are the
  // steps of the engine's plan, {"id","parent","detail"}; throws 102 when the caller may not ask for them.
  std::string find(const Caller& caller, const std::string& class_name, const FindOptions& options) const;
  // One object as JSON text. Throws 101 when it is not there or not for the caller.
  std::string get(const Caller& caller, const std::string& class_name, const std::string& object_id, const FindOptions& options) const;

  // Throws 102 where the find includes more than the owner allows clients (option requestComplexity); find() and get() ask by themselves.
  void require_permitted_include(const Caller& caller, const std::string& class_name, const FindOptions& options) const;

 private:
  // Throws what a find in a class that is not there says of the classes that its sub-queries ask.
  void require_askable(const Caller& caller, const SchemaSnapshot& classes, const std::string& class_name, const FindOptions& asked) const;

  std::string join_rows(const std::string& class_name, const FindOptions& options) const;

  Store& store_;
  const ServiceSettings& settings_;
};

}  // namespace parsimony
