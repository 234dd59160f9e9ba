// A store in a folder of its own, and short ways to fill and ask it.
#pragma once
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/row_codec.h"
#include "storage/store.h"
#include "types/date.h"

namespace parsimony {

class TemporaryStore {
 public:
  explicit TemporaryStore(std::filesystem::path parent = std::filesystem::temp_directory_path()) {
    std::string name = (parent / "parsimony-store-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
    open();
  }
  ~TemporaryStore() {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  TemporaryStore(const TemporaryStore&) = delete;
  TemporaryStore& operator=(const TemporaryStore&) = delete;

  Store& operator*() const { return *store_; }
  Store* operator->() const { return store_.get(); }
  std::filesystem::path path() const { return folder_ / "test.db"; }
  std::uintmax_t log_bytes() const {
    std::error_code none;
    const auto bytes = std::filesystem::file_size(path().string() + "-wal", none);
    return none ? 0 : bytes;
  }

  void reopen() {
    store_.reset();
    open();
  }

 private:
  void open() {
    StoreOptions options;
    options.path = path().string();
    options.durability = Durability::None;
    store_ = open_sqlite_store(options);
  }

  std::filesystem::path folder_;
  std::unique_ptr<Store> store_;
};

inline Field field(std::string name, FieldType type, std::string target = {}) {
  Field made;
  made.name = std::move(name);
  made.spec = {type, std::move(target)};
  return made;
}

inline void create_class(Store& store, const std::string& name, const std::vector<Field>& own) {
  std::vector<Field> fields = base_fields();
  fields.insert(fields.end(), own.begin(), own.end());
  store.write([&](Transaction& transaction) { transaction.create_class(ClassSchema(name, fields)); });
}

// `object` is in Parse's encoding, without the fields that every object has but for ACL.
inline void insert(Transaction& transaction, const std::string& class_name, const std::string& id, const Json& object = Json::object()) {
  const ClassSchema& into = *transaction.schema().find(class_name);
  const Json now = encode_date("2020-01-01T00:00:00.000Z");
  FieldValues values = {{into.find("objectId"), id}, {into.find("createdAt"), now}, {into.find("updatedAt"), now}};
  for (const auto& [name, value] : object.items()) values.push_back({into.find(name), value});
  transaction.insert(into, values);
}

inline void insert(Store& store, const std::string& class_name, const std::string& id, const Json& object = Json::object()) {
  store.write([&](Transaction& transaction) { insert(transaction, class_name, id, object); });
}

// The ids of the rows that the filter matches, in the order of `order`, each followed by a space.
inline std::string ids(Reads& reads, const std::string& class_name, const Filter& where = {}, std::vector<SortKey> order = {}) {
  std::string found;
  const ClassSchema& of = *reads.schema().find(class_name);
  reads.find(Select{&of, {of.find("objectId")}, &where, std::move(order), std::nullopt, 0},
             [&](const Row& row) { found.append(row.text(0)).append(" "); });
  return found;
}

inline std::string ids(Store& store, const std::string& class_name, const Filter& where = {}, std::vector<SortKey> order = {}) {
  std::string found;
  store.read([&](Reads& reads) { found = ids(reads, class_name, where, std::move(order)); });
  return found;
}

inline std::int64_t count(Store& store, const std::string& class_name, const Filter& where = {}) {
  std::int64_t rows = 0;
  store.read([&](Reads& reads) { rows = reads.count(*reads.schema().find(class_name), where); });
  return rows;
}

inline std::vector<const Field*> all_fields(const ClassSchema& of) {
  std::vector<const Field*> fields;
  for (const Field& each : of.fields()) fields.push_back(&each);
  return fields;
}

}  // namespace parsimony
