// Two classes, A and B, with fields of every type and rows of every kind, in memory: what fuzzers run their statements on.
#pragma once
#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/sql/change.h"
#include "storage/sql/definition.h"
#include "storage/sqlite/aggregate_functions.h"
#include "storage/sqlite/functions.h"
#include "types/json.h"

namespace parsimony {

class FuzzDatabase {
 public:
  FuzzDatabase() {
    sqlite3_open(":memory:", &database_);
    sqlite3_db_config(database_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    register_functions(database_);
    register_aggregate_functions(database_);
    add_class("A");
    add_class("B");
    sqlite3_progress_handler(
        database_, 100'000, [](void*) { return 1; }, nullptr);
  }

  const SchemaSnapshot& classes() const { return classes_; }
  // The rows of each class, as a find answers them.
  const std::vector<Json>& objects() const { return objects_; }
  sqlite3* handle() const { return database_; }

  // The first column of each row. Ends the process for a statement that the engine refuses; false for one that runs too long.
  bool run(const SqlStatement& sql, const std::function<void(std::string_view)>& visit = nullptr) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(database_, sql.text.data(), static_cast<int>(sql.text.size()), &statement, nullptr) != SQLITE_OK) fail(sql.text);
    for (std::size_t i = 0; i < sql.values.size(); ++i) bind(statement, static_cast<int>(i) + 1, sql.values[i]);
    int result = sqlite3_step(statement);
    for (; result == SQLITE_ROW; result = sqlite3_step(statement)) {
      if (visit) visit(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)));
    }
    sqlite3_finalize(statement);
    if (result == SQLITE_DONE || result == SQLITE_INTERRUPT) return result == SQLITE_DONE;
    rethrow_function_error();
    fail(sql.text);
  }

 private:
  [[noreturn]] void fail(const std::string& sql) {
    std::fprintf(stderr, "%s\n%s\n", sqlite3_errmsg(database_), sql.c_str());
    std::abort();
  }

  static void bind(sqlite3_stmt* statement, int position, const Cell& cell) {
    if (const auto* integer = std::get_if<std::int64_t>(&cell)) sqlite3_bind_int64(statement, position, *integer);
    if (const auto* real = std::get_if<double>(&cell)) sqlite3_bind_double(statement, position, *real);
    if (const auto* text = std::get_if<std::string>(&cell)) {
      sqlite3_bind_text64(statement, position, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
    }
  }

  void add_class(const std::string& name) {
    std::vector<Field> fields = base_fields();
    constexpr FieldType kTypes[] = {FieldType::String, FieldType::Number,  FieldType::Boolean, FieldType::Date,
                                    FieldType::Object, FieldType::Array,   FieldType::Pointer, FieldType::GeoPoint,
                                    FieldType::File,   FieldType::Polygon, FieldType::Bytes,   FieldType::Relation};
    const char* letters = "snbdoaptfyxr";
    for (std::size_t i = 0; i < std::size(kTypes); ++i) {
      Field field;
      field.name = letters[i];
      field.spec = {kTypes[i], kTypes[i] == FieldType::Pointer || kTypes[i] == FieldType::Relation ? "B" : ""};
      fields.push_back(std::move(field));
    }
    const auto made = std::make_shared<const ClassSchema>(with_physical_names(ClassSchema(name, fields), classes_));
    for (const SqlStatement& statement : create_class_statements(*made)) run(statement);
    classes_.classes[name] = made;
    objects_.clear();
    add_row(*made, R"({"objectId":"one","createdAt":"2020-01-01T00:00:00.000Z","updatedAt":"2020-01-01T00:00:00.000Z"})");
    add_row(*made, R"({"objectId":"two","createdAt":"2020-01-01T00:00:00.000Z","updatedAt":"2021-01-01T00:00:00.000Z","s":"text","n":1.5,
      "b":true,"d":{"__type":"Date","iso":"2020-02-29T23:59:59.999Z"},"o":{"k":[{"v":1},2],"t":"x"},"a":[1,"x",null,[2],{"k":3}],
      "p":{"__type":"Pointer","className":"B","objectId":"one"},"t":{"__type":"GeoPoint","latitude":1,"longitude":2},
      "f":{"__type":"File","name":"a b.txt"},"y":{"__type":"Polygon","coordinates":[[0,0],[0,9],[9,9],[0,0]]},
      "x":{"__type":"Bytes","base64":"YQ=="}})");
    add_row(*made,
            R"({"objectId":"odd","createdAt":"2020-01-01T00:00:00.000Z","updatedAt":"2020-01-01T00:00:00.000Z","s":"","n":0,"b":false,
      "d":{"__type":"Date","iso":"1970-01-01T00:00:00.000Z"},"o":{},"a":[],"t":{"__type":"GeoPoint","latitude":-90,"longitude":180},
      "ACL":{"u":{"read":true}}})");
  }

  void add_row(const ClassSchema& into, std::string_view text) {
    FieldValues values;
    Json object = parse_json(text);
    for (const auto& [name, value] : object.items()) values.push_back({into.find(name), value});
    run(insert_statement(into, values));
    objects_.push_back(std::move(object));
  }

  sqlite3* database_ = nullptr;
  SchemaSnapshot classes_;
  std::vector<Json> objects_;
};

}  // namespace parsimony
