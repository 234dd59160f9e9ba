// Creating, updating and deleting objects (server-behaviour.md, section 2).
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "query/update.h"
#include "services/settings.h"
#include "storage/store.h"

namespace parsimony {

// What a save answers.
struct SaveResult {
  std::string object_id;
  Json answer;  // {"objectId","createdAt",...}, {"updatedAt",...} or {}
};

// A write that has been read and checked as far as is possible without the database. Run once, within a transaction.
using PreparedWrite = std::function<SaveResult(Transaction&)>;

// Thread-safe; borrows the store and the settings.
class ObjectWriter {
 public:
  ObjectWriter(Store& store, const ServiceSettings& settings) : store_(store), settings_(settings) {}

  // Throw what is wrong with the call itself; the prepared write throws what the database says.
  PreparedWrite prepare_create(const Caller& caller, const std::string& class_name, const Json& body) const;
  PreparedWrite prepare_update(const Caller& caller, const std::string& class_name, const std::string& object_id, const Json& body) const;
  PreparedWrite prepare_remove(const Caller& caller, const std::string& class_name, const std::string& object_id) const;

  // Deletes all objects of the class, for the master key. Does nothing when there is no such class, as Parse Server.
  void purge(const std::string& class_name) const;

  SaveResult run(const PreparedWrite& write) const;

  // What became of one of several writes.
  struct Outcome {
    SaveResult result;
    std::exception_ptr error;  // null when it was done
  };
  // Runs them in order and commits them together; one that fails is undone alone.
  std::vector<Outcome> run_each(const std::vector<PreparedWrite>& writes) const;
  // All or nothing: throws the error of the first that fails.
  std::vector<SaveResult> run_together(const std::vector<PreparedWrite>& writes) const;

 private:
  Store& store_;
  const ServiceSettings& settings_;
};

}  // namespace parsimony
