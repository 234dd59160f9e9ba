// The index of GeoPoints: that it follows writes, that the engine uses it, and that older databases get one.
#include "storage/sql/geo_index.h"

#include "query/where_parser.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/schema_table.h"
#include "types/geo.h"
#include "unit/storage/test_store.h"

namespace parsimony {
namespace {

Json point(double latitude, double longitude) { return encode(GeoPoint{latitude, longitude}); }

void make_places(Store& store) {
  create_class(store, "C", {field("at", FieldType::GeoPoint)});
  insert(store, "C", "near", {{"at", point(10, 10)}});
  insert(store, "C", "far", {{"at", point(-60, 170)}});
  insert(store, "C", "unset");
}

const Filter kAroundTen =
    parse_where(parse_json(R"({"at":{"$nearSphere":{"__type":"GeoPoint","latitude":10,"longitude":10},"$maxDistance":0.01}})"));

std::int64_t indexed_rows(const TemporaryStore& store) {
  Connection connection(store.path().string(), Connection::Mode::ReadOnly, Durability::None);
  std::int64_t rows = 0;
  connection.run(SqlStatement{R"(SELECT count(*) FROM "C.at.geo")", {}}, [&](const Row& row) { rows = row.integer(0); });
  return rows;
}

}  // namespace

TEST_CASE("the index holds each set point once, whatever is written") {
  TemporaryStore store;
  make_places(*store);
  CHECK(indexed_rows(store) == 2);
  CHECK(ids(*store, "C", kAroundTen) == "near ");
  store->write([](Transaction& t) {
    const ClassSchema& of = *t.schema().find("C");
    t.update(of, "unset", {{of.find("at"), point(10.1, 10)}});
    t.update(of, "near", {{of.find("at"), nullptr}});
    t.remove(of, "far");
  });
  CHECK(indexed_rows(store) == 1);
  CHECK(ids(*store, "C", kAroundTen) == "unset ");
}

TEST_CASE("a field or a class goes with its index and may come back") {
  TemporaryStore store;
  make_places(*store);
  store->write([](Transaction& t) { t.drop_field(*t.schema().find("C"), "at"); });
  CHECK(ids(*store, "C", kAroundTen).empty());
  store->write([](Transaction& t) { t.add_fields(*t.schema().find("C"), {field("at", FieldType::GeoPoint)}); });
  CHECK(indexed_rows(store) == 0);
  store->write([](Transaction& t) { t.drop_class("C"); });
  make_places(*store);
  CHECK(ids(*store, "C", kAroundTen) == "near ");
}

TEST_CASE("a database of format 1 gets its indexes when it is opened") {
  TemporaryStore store;
  make_places(*store);
  {
    Connection connection(store.path().string(), Connection::Mode::ReadWrite, Durability::None);
    const auto classes = read_schema(connection);
    const ClassSchema& of = *classes->find("C");
    for (const SqlStatement& statement : drop_geo_index_statements(of, *of.find("at"))) connection.run(statement);
    write_meta(connection, "formatVersion", "1");
  }
  store.reopen();
  CHECK(indexed_rows(store) == 2);
  CHECK(ids(*store, "C", kAroundTen) == "near ");
  insert(*store, "C", "new", {{"at", point(10, 10)}});
  CHECK(ids(*store, "C", kAroundTen) == "near new ");
}

TEST_CASE("a database of a format to come is refused") {
  TemporaryStore store;
  {
    Connection connection(store.path().string(), Connection::Mode::ReadWrite, Durability::None);
    write_meta(connection, "formatVersion", "3");
  }
  CHECK_THROWS_WITH(store.reopen(), Catch::Contains("newer version"));
}

}  // namespace parsimony
