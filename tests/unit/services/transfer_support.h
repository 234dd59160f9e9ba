// An empty database and a folder for files, both gone with the object.
#pragma once
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "services/transfer/export.h"
#include "services/transfer/import.h"
#include "services/transfer/import_error.h"
#include "storage/row_codec.h"
#include "storage/store.h"
#include "unit/app/temporary_folder.h"

namespace parsimony {

class TransferFolder : public TemporaryFolder {
 public:
  std::filesystem::path operator/(const std::string& name) const { return path() / name; }

  std::string read(const std::string& name) const {
    REQUIRE(std::filesystem::exists(path() / name));
    return read_text(path() / name);
  }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(path())) names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }
};

class TestDatabase {
 public:
  TestDatabase() {
    StoreOptions options;
    options.path = (folder_ / "test.db").string();
    options.durability = Durability::None;
    store_ = open_sqlite_store(options);
  }

  Store& store() { return *store_; }
  const ClassSchema* find_class(const std::string& name) {
    snapshot_ = store_->schema();
    return snapshot_->find(name);
  }

  // All objects of the class as text, one a line, in the order of insertion.
  std::string objects(const std::string& class_name) {
    std::string text;
    store_->read([&](Reads& reads) {
      const ClassSchema& of = *reads.schema().find(class_name);
      std::vector<const Field*> fields;
      for (const Field& field : of.fields()) fields.push_back(&field);
      const RowLayout layout(fields);
      reads.scan(of, fields, 0, 1000, [&](const Row& row) { text += to_json_text(decode_object(layout, row, {"files/"})) + "\n"; });
    });
    return text;
  }
  std::string object(const std::string& class_name, const std::string& id) {
    std::string text;
    store_->read([&](Reads& reads) {
      const ClassSchema& of = *reads.schema().find(class_name);
      std::vector<const Field*> fields;
      for (const Field& field : of.fields()) fields.push_back(&field);
      const RowLayout layout(fields);
      const Filter where = equals("objectId", id);
      reads.find(Select{&of, fields, &where, {}, 1, 0},
                 [&](const Row& row) { text = to_json_text(decode_object(layout, row, {"files/"})); });
    });
    return text;
  }
  std::size_t count(const std::string& class_name) {
    std::int64_t rows = 0;
    store_->read([&](Reads& reads) { rows = reads.count(*reads.schema().find(class_name), Filter{}); });
    return static_cast<std::size_t>(rows);
  }
  std::size_t count_join_rows(const std::string& class_name, const std::string& field) {
    std::size_t rows = 0;
    store_->read([&](Reads& reads) { rows = reads.join_rows(*reads.schema().find(class_name)->find(field), {}, 1000).size(); });
    return rows;
  }

  ImportReport import(const std::vector<std::filesystem::path>& paths, bool only_when_changed = false) {
    ImportOptions options;
    options.only_when_changed = only_when_changed;
    return import_paths(*store_, paths, options);
  }
  std::string import_failure(const std::vector<std::filesystem::path>& paths) {
    try {
      import(paths);
    } catch (const ImportError& error) {
      return error.what();
    }
    FAIL("the import did not fail");
    return {};
  }

 private:
  TransferFolder folder_;
  std::unique_ptr<Store> store_;
  std::shared_ptr<const SchemaSnapshot> snapshot_;
};

}  // namespace parsimony
