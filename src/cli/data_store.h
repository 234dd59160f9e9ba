// The data of a command that works on a stopped folder.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "app/data_folder.h"
#include "app/options.h"
#include "storage/store.h"

namespace parsimony {

class DataStore {
 public:
  enum class Database { MadeWhenMissing, MustExist };

  // Locks the data and opens the database. `command` is for the message when that cannot be done; `server` is refused.
  // Throws OptionError, FolderInUse, std::runtime_error.
  DataStore(Options options, Database database, const std::string& command, const std::optional<std::string>& server);

  Store& store() { return *store_; }

 private:
  Options options_;
  DataFolder folder_;
  std::unique_ptr<Store> store_;
};

}  // namespace parsimony
