// A pipeline from the network: whatever JSON it is, it ends as one of Parse's errors or as a statement that the engine can prepare
// and run on rows of every type.
#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "common/error.h"
#include "query/pipeline_parser.h"
#include "storage/sql/aggregate_compiler.h"
#include "storage/sql/change.h"
#include "storage/sql/definition.h"
#include "storage/sqlite/aggregate_functions.h"
#include "storage/sqlite/functions.h"
#include "types/json.h"

namespace parsimony {
namespace {

[[noreturn]] void fail(sqlite3* database, const std::string& sql) {
  std::fprintf(stderr, "%s\n%s\n", sqlite3_errmsg(database), sql.c_str());
  std::abort();
}

void bind(sqlite3_stmt* statement, int position, const Cell& cell) {
  if (const auto* integer = std::get_if<std::int64_t>(&cell)) sqlite3_bind_int64(statement, position, *integer);
  if (const auto* real = std::get_if<double>(&cell)) sqlite3_bind_double(statement, position, *real);
  if (const auto* text = std::get_if<std::string>(&cell)) {
    sqlite3_bind_text64(statement, position, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
  }
}

// Two classes with rows of every type, in memory. A statement that runs too long is given up.
class Database {
 public:
  Database() {
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

  void run(const SqlStatement& sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(database_, sql.text.data(), static_cast<int>(sql.text.size()), &statement, nullptr) != SQLITE_OK) {
      fail(database_, sql.text);
    }
    for (std::size_t i = 0; i < sql.values.size(); ++i) bind(statement, static_cast<int>(i) + 1, sql.values[i]);
    int result = SQLITE_ROW;
    while (result == SQLITE_ROW) result = sqlite3_step(statement);
    sqlite3_finalize(statement);
    if (result == SQLITE_DONE || result == SQLITE_INTERRUPT) return;
    rethrow_function_error();
    fail(database_, sql.text);
  }

 private:
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
    add_row(*made, R"({"objectId":"one","createdAt":"2020-01-01T00:00:00.000Z","updatedAt":"2020-01-01T00:00:00.000Z"})");
    add_row(*made, R"({"objectId":"two","createdAt":"2020-01-01T00:00:00.000Z","updatedAt":"2021-01-01T00:00:00.000Z","s":"text","n":1.5,
      "b":true,"d":"2020-02-29T23:59:59.999Z","o":{"k":[{"v":1},2],"t":"x"},"a":[1,"x",null,[2],{"k":3}],
      "p":{"__type":"Pointer","className":"B","objectId":"one"},"t":{"__type":"GeoPoint","latitude":1,"longitude":2},
      "f":{"__type":"File","name":"a b.txt"},"x":{"__type":"Bytes","base64":"YQ=="}})");
  }

  void add_row(const ClassSchema& into, std::string_view text) {
    FieldValues values;
    const Json object = parse_json(text);
    for (const auto& [name, value] : object.items()) values.push_back({into.find(name), value});
    run(insert_statement(into, values));
  }

  sqlite3* database_ = nullptr;
  SchemaSnapshot classes_;
};

}  // namespace
}  // namespace parsimony

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parsimony;
  static Database& database = *new Database;
  try {
    const Json parameters = parse_json({reinterpret_cast<const char*>(data), size});
    if (!parameters.is_object()) return 0;
    const AggregateOptions options = parse_aggregate(parameters);
    const ClassSchema& of = *database.classes().find("A");
    database.run(aggregate_statement(of, options.pipeline, database.classes(), "http://host/files/").sql);
  } catch (const JsonSyntaxError&) {
  } catch (const Error&) {
  }
  return 0;
}
