// Creating, updating and deleting objects (server-behaviour.md, section 2).
#pragma once
#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "query/update.h"
#include "services/settings.h"
#include "storage/store.h"

namespace parsimony {

// What a save answers.
struct SaveResult {
  std::string object_id;
  Json answer;         // {"objectId","createdAt",...}, {"updatedAt",...} or {}
  bool is_new = true;  // false where a create found what was there already: a login by authData
};

// A write that has been read and checked as far as is possible without the database.
class PreparedWrite {
 public:
  using Write = std::function<SaveResult(Transaction&)>;
  // What happens once the write is on disk: with its result, which it may change. What it throws is the caller's answer, although the
  // write is done.
  using AfterCommit = std::function<void(SaveResult&)>;

  PreparedWrite() = default;
  template <std::invocable<Transaction&> F>
  PreparedWrite(F write) : write_(std::move(write)) {}
  PreparedWrite(Write write, AfterCommit after_commit) : write_(std::move(write)), after_commit_(std::move(after_commit)) {}

  // The write itself, once, within a transaction.
  SaveResult operator()(Transaction& transaction) const { return write_(transaction); }
  void after_commit(SaveResult& result) const {
    if (after_commit_) after_commit_(result);
  }

 private:
  Write write_;
  AfterCommit after_commit_;
};

// What the product itself adds to a save of one of its own classes.
struct SaveAdditions {
  std::string object_id;                             // of a new object; empty: chosen as for every class
  std::optional<Json> acl;                           // in place of what the caller asks for
  std::vector<std::pair<std::string, Json>> values;  // of fields that no caller sets; null unsets
};

// Thread-safe; borrows the store and the settings.
class ObjectWriter {
 public:
  ObjectWriter(Store& store, const ServiceSettings& settings) : store_(store), settings_(settings) {}

  // Throw what is wrong with the call itself; the prepared write throws what the database says.
  PreparedWrite prepare_create(const Caller& caller, const std::string& class_name, const Json& body, SaveAdditions additions = {}) const;
  PreparedWrite prepare_update(const Caller& caller, const std::string& class_name, const std::string& object_id, const Json& body,
                               SaveAdditions additions = {}) const;
  PreparedWrite prepare_remove(const Caller& caller, const std::string& class_name, const std::string& object_id) const;

  // Deletes all objects of the class, for the master key. Does nothing when there is no such class, as Parse Server.
  void purge(const std::string& class_name) const;

  SaveResult run(const PreparedWrite& write) const;

  // What became of one of several writes.
  struct Outcome {
    SaveResult result;
    std::exception_ptr error;  // null when it was done
  };
  // Each of these tells a write that it is on disk when all of them are.
  //
  // Runs them in order and commits them together; one that fails is undone alone.
  std::vector<Outcome> run_each(const std::vector<PreparedWrite>& writes) const;
  // All or nothing: throws the error of the first that fails.
  std::vector<SaveResult> run_together(const std::vector<PreparedWrite>& writes) const;

 private:
  Store& store_;
  const ServiceSettings& settings_;
};

}  // namespace parsimony
