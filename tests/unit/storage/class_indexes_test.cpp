#include "storage/sql/class_indexes.h"

#include <catch2/catch.hpp>

#include "common/error.h"
#include "storage/sql/definition.h"
#include "storage/sql/select.h"
#include "storage/sqlite/connection.h"
#include "storage/store.h"
#include "types/class_index.h"
#include "unit/app/temporary_folder.h"

namespace parsimony {
namespace {

Field field(const std::string& name, FieldType type) {
  Field made;
  made.name = name;
  made.spec.type = type;
  return made;
}

ClassSchema product(const Json& indexes) {
  ClassSchema made("Product", base_fields());
  made = made.with_field(field("name", FieldType::String)).with_field(field("price", FieldType::Number));
  made = made.with_field(field("place", FieldType::GeoPoint));
  made.indexes = indexes;
  return with_physical_names(made, SchemaSnapshot{});
}

// An empty database with the table of a class in it.
class Database {
 public:
  explicit Database(const ClassSchema& of) : of_(of) {
    for (const SqlStatement& statement : create_class_statements(of_)) connection_.run(statement);
    run(index_change_statements(ClassSchema(of.name(), {}), of));
    classes_.classes.emplace(of_.name(), std::make_shared<ClassSchema>(of_));
  }

  void run(const std::vector<SqlStatement>& statements) {
    for (const SqlStatement& statement : statements) connection_.run(statement);
  }

  // How the engine finds the rows: the details of its plan, one a line.
  std::string plan(const Filter& where, const std::vector<SortKey>& order = {}) {
    const Filter filter = all_of({where, Filter{Permits{Permits::Right::Read, {"*"}}}});
    SqlStatement select = select_statement(Select{&of_, {of_.find("objectId")}, &filter, order, 20, 0}, classes_);
    select.text = "EXPLAIN QUERY PLAN " + select.text;
    std::string text;
    connection_.run(select, [&](const Row& row) { text += std::string(row.text(3)) + "\n"; });
    return text;
  }

  std::vector<std::string> indexes() {
    std::vector<std::string> names;
    SqlStatement select;
    select.add("SELECT \"name\" FROM sqlite_master WHERE \"type\" = 'index' AND \"name\" LIKE '%.$%' ORDER BY \"name\"");
    connection_.run(select, [&](const Row& row) { names.emplace_back(row.text(0)); });
    return names;
  }

 private:
  TemporaryFolder folder_;
  Connection connection_{(folder_.path() / "test.db").string(), Connection::Mode::ReadWrite, Durability::None};
  ClassSchema of_;
  SchemaSnapshot classes_;
};

Filter price(Comparison comparison, int value) { return {Constraint{FieldPath{"price", {}}, comparison, Json(value), {}}}; }
SortKey by_price(bool descending) { return {FieldPath{"price", {}}, descending}; }

}  // namespace

TEST_CASE("a defined index serves equality and a range ordered on the same field") {
  Database without(product(nullptr));
  CHECK_THAT(without.plan(price(Comparison::Equal, 5)), Catch::StartsWith("SCAN"));

  const std::string search = "SEARCH Product USING INDEX Product.$byprice (price";
  for (const int direction : {1, -1}) {
    Database database(product({{"byprice", {{"price", direction}}}}));
    CHECK_THAT(database.plan(price(Comparison::Equal, 5)), Catch::StartsWith(search + "=?)"));
    for (const bool descending : {false, true}) {
      const std::string plan = database.plan(price(Comparison::Greater, 5), {by_price(descending)});
      CAPTURE(direction, descending, plan);
      CHECK_THAT(plan, Catch::StartsWith(search + ">?)"));
      // At most rows of equal price are sorted, by insertion order; never the whole range.
      CHECK_THAT(plan, !Catch::Contains("USE TEMP B-TREE FOR ORDER BY"));
    }
  }
}

TEST_CASE("an index over several fields") {
  Database database(product({{"both", {{"name", 1}, {"price", -1}}}}));
  const Filter where = all_of({equals("name", "a"), price(Comparison::Less, 9)});
  CHECK_THAT(database.plan(where, {by_price(true)}), Catch::StartsWith("SEARCH Product USING INDEX Product.$both (name=? AND price<?)"));
}

TEST_CASE("physical names of indexes") {
  const ClassSchema of = product(nullptr);
  CHECK(physical_index_name(of, "byprice") == "Product.$byprice");
  CHECK(physical_index_name(of, "byPrice") == "Product.$by^Price");
  CHECK(physical_index_name(of, "by^price") == "Product.$by^^price");
  CHECK(physical_index_name(of, "by^Price") == "Product.$by^^^Price");
}

TEST_CASE("a change of indexes drops and makes what differs") {
  const ClassSchema before = product({{"_id_", id_index()}, {"a", {{"name", 1}}}, {"b", {{"price", 1}}}, {"c", {{"price", -1}}}});
  Database database(before);
  CHECK(database.indexes() == std::vector<std::string>{"Product.$a", "Product.$b", "Product.$c"});
  ClassSchema after = before;
  after.indexes = {{"_id_", id_index()}, {"a", {{"name", 1}}}, {"b", {{"price", 1}, {"name", 1}}}, {"geo", {{"place", "2dsphere"}}}};
  const auto statements = index_change_statements(before, after);
  CHECK(statements.size() == 3);
  database.run(statements);
  CHECK(database.indexes() == std::vector<std::string>{"Product.$a", "Product.$b"});
  CHECK(index_change_statements(after, after).empty());
}

TEST_CASE("index definitions are read") {
  const ClassIndex index = decode_index("x", {{"a", 1}, {"_p_b", -1}, {"unique", true}});
  REQUIRE(index.keys.size() == 2);
  CHECK(index.keys[0].field == "a");
  CHECK(index.keys[1].field == "b");
  CHECK(index.keys[1].kind == IndexKey::Kind::Descending);
  CHECK(index.is_unique);
  CHECK(index.names("b"));
  CHECK_FALSE(decode_index("x", {{"unique", 1}}).is_unique);
  for (const Json& bad : {Json(5), Json::object(), Json{{"a", 2}}, Json{{"a", "2d"}}, Json{{"unique", true}}, Json{{"a", nullptr}}}) {
    CHECK_THROWS_AS(decode_index("x", bad), Error);
  }
}

TEST_CASE("values that a unique index holds are refused with 137, and let go with the index") {
  TemporaryFolder folder;
  const auto store = open_sqlite_store({(folder.path() / "test.db").string(), Durability::None, 1});
  const auto insert = [&](const std::string& id, const Json& name) {
    store->write([&](Transaction& transaction) {
      const ClassSchema& of = *transaction.schema().find("Product");
      const char* now = "2020-01-01T00:00:00.000Z";
      transaction.insert(of,
                         {{of.find("objectId"), id}, {of.find("createdAt"), now}, {of.find("updatedAt"), now}, {of.find("name"), name}});
    });
  };
  const auto set_indexes = [&](const Json& indexes) {
    store->write([&](Transaction& transaction) {
      ClassSchema changed = *transaction.schema().find("Product");
      changed.indexes = indexes;
      transaction.redefine(changed);
    });
  };
  store->write([&](Transaction& transaction) { transaction.create_class(product({{"u", {{"name", 1}, {"unique", true}}}})); });
  insert("1", "a");
  insert("2", nullptr);
  insert("3", nullptr);
  CHECK_THROWS_WITH(insert("4", "a"), "A duplicate value for a field with unique values was provided");
  set_indexes(nullptr);
  insert("4", "a");
  CHECK_THROWS_WITH(set_indexes({{"u", {{"name", 1}, {"unique", true}}}}), Catch::Contains("a unique index cannot be made"));
  CHECK(store->schema()->find("Product")->indexes.is_null());
  store->write([&](Transaction& transaction) { transaction.drop_field(*transaction.schema().find("Product"), "name"); });
}

}  // namespace parsimony
