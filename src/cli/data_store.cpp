#include "cli/data_store.h"

#include <filesystem>
#include <stdexcept>
#include <utility>

#include "app/option_error.h"
#include "services/builtin_classes.h"

namespace parsimony {
namespace {

Options require_lasting_database(Options options) {
  if (options.database_kind == DatabaseKind::memory) {
    throw OptionError("databaseURI \":memory:\" is gone when the command ends; name a file, or a data folder with --data");
  }
  return options;
}

StoreOptions store_options(const Options& options, DataStore::Database database) {
  if (database == DataStore::Database::MustExist && !std::filesystem::exists(options.database_file)) {
    throw std::runtime_error("there is no database " + options.database_file.string() + "; name the data folder with --data");
  }
  StoreOptions store;
  store.path = options.database_file.string();
  store.durability = options.durability;
  store.readers = 1;
  return store;
}

}  // namespace

DataStore::DataStore(Options options, Database database)
    : options_(require_lasting_database(std::move(options))),
      folder_(DataFolder::open(options_)),
      store_(open_sqlite_store(store_options(options_, database))) {
  ensure_builtin_classes(*store_);
}

}  // namespace parsimony
