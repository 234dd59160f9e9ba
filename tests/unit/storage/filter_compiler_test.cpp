// Filters run on a real database: what of them needs more than one row; filter_cases_test.cpp has the rest.
#include "storage/sql/filter_compiler.h"

#include <random>

#include "common/error.h"
#include "query/where_parser.h"
#include "unit/storage/test_store.h"

namespace parsimony {
namespace {

Filter where(const std::string& json) { return parse_where(parse_json(json), {true}); }

class FilledStore : public TemporaryStore {
 public:
  FilledStore() {
    create_class(**this, "Other", {field("holds", FieldType::Relation, "C"), field("wrong", FieldType::Relation, "Other")});
    create_class(**this, "C",
                 {field("s", FieldType::String), field("n", FieldType::Number), field("b", FieldType::Boolean), field("d", FieldType::Date),
                  field("o", FieldType::Object), field("a", FieldType::Array), field("g", FieldType::GeoPoint),
                  field("y", FieldType::Polygon), field("f", FieldType::File), field("e", FieldType::Bytes),
                  field("p", FieldType::Pointer, "Other"), field("r", FieldType::Relation, "Other")});
    add("1", R"({"s":"a","n":1,"b":true,"d":{"__type":"Date","iso":"2020-01-01T00:00:00.000Z"},"o":{"x":1,"t":["u"]},"a":[1,"q"],
      "g":{"__type":"GeoPoint","latitude":1.5,"longitude":2},"y":{"__type":"Polygon","coordinates":[[0,0],[0,1],[1,1]]},
      "f":{"__type":"File","name":"f.txt"},"e":{"__type":"Bytes","base64":"YQ=="},
      "p":{"__type":"Pointer","className":"Other","objectId":"o1"}})");
    add("2", R"({"s":"B","n":-2.5,"b":false,"d":{"__type":"Date","iso":"1999-12-31T23:59:59.999Z"},"o":{"x":"1"},"a":[],
      "g":{"__type":"GeoPoint","latitude":0,"longitude":0},"p":{"__type":"Pointer","className":"Other","objectId":"o2"}})");
    add("3", R"({"s":"\u00e4","n":9007199254740993,"o":{},"a":[[1,"q"],{"x":1},null]})");
    add("4", R"({})");
    add("5", R"({"s":"","n":0.30000000000000004,"ACL":{}})");
    insert(**this, "Other", "o1");
    insert(**this, "Other", "o2", {{"ACL", Json::object()}});
    (*this)->write([](Transaction& t) {
      const Field& holds = *t.schema().find("Other")->find("holds");
      t.add_join_row(holds, "o1", "1");
      t.add_join_row(holds, "o1", "3");
      t.add_join_row(holds, "o2", "2");
      t.add_join_row(*t.schema().find("C")->find("r"), "1", "o1");
      t.add_join_row(*t.schema().find("C")->find("r"), "2", "o1");
      t.add_join_row(*t.schema().find("C")->find("r"), "2", "o2");
    });
  }

 private:
  void add(const std::string& id, const std::string& json) { insert(**this, "C", id, parse_json(json)); }
};

struct RelationCase {
  const char* where;
  const char* ids;
};

TEST_CASE("owners are found by what their relations hold, and the other way round") {
  const RelationCase cases[] = {
      {R"({"r":{"__type":"Pointer","className":"Other","objectId":"o1"}})", "1 2 "},
      {R"({"r":{"$ne":{"__type":"Pointer","className":"Other","objectId":"o2"}}})", "1 3 4 5 "},
      {R"({"r":{"$in":[{"__type":"Pointer","className":"Other","objectId":"o2"}]}})", "2 "},
      {R"({"r":{"$nin":[{"__type":"Pointer","className":"Other","objectId":"o1"}]}})", "3 4 5 "},
      {R"({"r":{"__type":"Pointer","className":"C","objectId":"o1"}})", ""},
      {R"({"$nor":[{"r":{"__type":"Pointer","className":"Other","objectId":"o2"}}]})", "1 3 4 5 "},
      {R"({"$nor":[{"$relatedTo":{"object":{"__type":"Pointer","className":"Other","objectId":"o1"},"key":"holds"}}]})", "2 4 5 "},
      {R"({"$relatedTo":{"object":{"__type":"Pointer","className":"Other","objectId":"o1"},"key":"holds"}})", "1 3 "},
      {R"({"s":"a","$relatedTo":{"object":{"__type":"Pointer","className":"Other","objectId":"o1"},"key":"holds"}})", "1 "},
      {R"({"$relatedTo":{"object":{"__type":"Pointer","className":"Other","objectId":"o1"},"key":"wrong"}})", ""},
      {R"({"$relatedTo":{"object":{"__type":"Pointer","className":"Other","objectId":"o1"},"key":"none"}})", ""},
      {R"({"$relatedTo":{"object":{"__type":"Pointer","className":"None","objectId":"o1"},"key":"holds"}})", ""},
  };
  const FilledStore store;
  for (const RelationCase& each : cases) {
    INFO(each.where);
    CHECK(ids(*store, "C", where(each.where)) == each.ids);
    CHECK(count(*store, "C", where(each.where)) == std::count(each.ids, each.ids + std::string_view(each.ids).size(), ' '));
  }
}

TEST_CASE("rows are found by what their ACL grants") {
  FilledStore store;
  insert(*store, "C", "6", {{"ACL", parse_json(R"({"role:R":{"read":true},"u":{"read":true,"write":true}})")}});
  const auto permitted = [&](Permits::Right right, std::vector<std::string> principals) {
    return ids(*store, "C", Filter{Permits{right, std::move(principals)}});
  };
  CHECK(permitted(Permits::Right::Read, {"*"}) == "1 2 3 4 ");
  CHECK(permitted(Permits::Right::Read, {"*", "role:R"}) == "1 2 3 4 6 ");
  CHECK(permitted(Permits::Right::Write, {"*", "role:R"}) == "1 2 3 4 ");
  CHECK(permitted(Permits::Right::Write, {"z", "u", "a"}) == "1 2 3 4 6 ");
  CHECK(permitted(Permits::Right::Read, {}) == "1 2 3 4 ");
  CHECK(ids(*store, "C", Filter{NoneOf{{Filter{Permits{Permits::Right::Read, {"*"}}}}}}) == "5 6 ");
}

TEST_CASE("what a relation holds is found only for those who may read its owner") {
  const FilledStore store;
  const auto held = [&](const std::string& owner, Filter rule) {
    return ids(*store, "C", Filter{RelatedTo{{"Other", owner}, "holds", {std::move(rule)}}});
  };
  const Filter anybody{Permits{Permits::Right::Read, {"*"}}};
  CHECK(held("o1", anybody) == "1 3 ");
  CHECK(held("o2", anybody).empty());
  CHECK(held("o2", Filter{}) == "2 ");
  CHECK(held("o1", Filter{AnyOf{}}).empty());
}

TEST_CASE("a bad regular expression is the client's mistake, also on a field that is not there") {
  const FilledStore store;
  for (const char* text : {R"({"s":{"$regex":"("}})", R"({"z":{"$regex":"("}})", R"({"a":{"$regex":"[z-a]"}})"}) {
    INFO(text);
    CHECK_THROWS_AS(ids(*store, "C", where(text)), Error);
  }
  // A pattern that tries for ever ends in the middle of a statement; the connection is as good as before.
  insert(*store, "C", "long", {{"s", std::string(60, 'a') + "b"}});
  CHECK_THROWS_AS(ids(*store, "C", where(R"({"s":{"$regex":"^(a+)+$"}})")), Error);
  CHECK(ids(*store, "C", where(R"({"s":"a"})")) == "1 ");
}

TEST_CASE("no tree of conditions is beyond the engine without being refused as the client's mistake") {
  constexpr unsigned kSeed = 7;
  std::mt19937 random(kSeed);
  const auto below = [&](std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random); };
  FilledStore store;
  const Filter leaf = where(R"({"s":{"$in":["a",null]}})");
  const Filter related{RelatedTo{{"Other", "o1"}, "holds", {Filter{Permits{Permits::Right::Read, {"*"}}}}}};
  int found = 0;
  for (int round = 0; round < 60; ++round) {
    INFO("seed " << kSeed << ", round " << round);
    const std::size_t width = 1 + below(30), wide_from = below(32);
    Filter filter = below(2) == 0 ? leaf : related;
    for (std::size_t depth = 0; depth < 32; ++depth) {
      std::vector<Filter> members(depth < wide_from ? 1 : width, leaf);
      members.insert(members.begin() + static_cast<std::ptrdiff_t>(below(members.size() + 1)), filter);
      if (round % 3 == 0 && depth < 9) members.push_back(filter);  // equally deep on both sides
      switch (below(3)) {
        case 0: filter = {AllOf{std::move(members)}}; break;
        case 1: filter = {AnyOf{std::move(members)}}; break;
        default: filter = {NoneOf{std::move(members)}}; break;
      }
    }
    try {
      ids(*store, "C", filter);
      ++found;
    } catch (const Error& error) {
      CHECK(error.code() == error_code::kInvalidQuery);
    }
  }
  CHECK(found > 20);
}

}  // namespace
}  // namespace parsimony
