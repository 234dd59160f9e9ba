// The data of a command that works on a stopped folder.
#pragma once
#include <memory>

#include "app/data_folder.h"
#include "app/options.h"
#include "storage/store.h"

namespace parsimony {

class DataStore {
 public:
  enum class Database { MadeWhenMissing, MustExist };

  // Locks the data and opens the database.
  // Throws OptionError, FolderInUse, std::runtime_error.
  DataStore(Options options, Database database);

  Store& store() { return *store_; }

 private:
  Options options_;
  DataFolder folder_;
  std::unique_ptr<Store> store_;
};

}  // namespace parsimony
