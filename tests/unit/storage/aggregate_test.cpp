// Pipelines as statements: what they answer, and that the engine goes the way that the compiler means.
#include "common/error.h"
#include "query/pipeline_parser.h"
#include "unit/storage/test_store.h"

namespace parsimony {
namespace {

class SalesStore : public TemporaryStore {
 public:
  SalesStore() {
    create_class(**this, "Shop", {field("name", FieldType::String)});
    create_class(**this, "Sale",
                 {field("kind", FieldType::String), field("Kind", FieldType::Number), field("n", FieldType::Number),
                  field("list", FieldType::Array), field("shop", FieldType::Pointer, "Shop"), field("file", FieldType::File),
                  field("spot", FieldType::GeoPoint), field("password", FieldType::String)});
    insert(**this, "Shop", "north", parse_json(R"({"name":"North"})"));
    insert(**this, "Sale", "1", parse_json(R"({"kind":"tea","Kind":7,"n":9223372036854775807,"list":[1,"\u0001",{"a":0.1}],
      "shop":{"__type":"Pointer","className":"Shop","objectId":"north"}})"));
    insert(**this, "Sale", "2", parse_json(R"({"kind":"tea","n":9223372036854775807,"password":"secret",
      "file":{"__type":"File","name":"a b.txt"},"spot":{"__type":"GeoPoint","latitude":0.1,"longitude":0.30000000000000004}})"));
    insert(**this, "Sale", "3", parse_json(R"({"n":0.5})"));
  }

  // The rows as JSON, without the times of the objects.
  std::string rows(const std::string& pipeline) {
    const FileUrls files{"http://host/files/"};
    Json found = Json::array();
    (*this)->read([&](Reads& reads) {
      const Pipeline parsed = parse_pipeline(parse_json(pipeline));
      reads.aggregate(*reads.schema().find("Sale"), parsed, files, [&](const std::vector<Field>& fields, const Row& row) {
        Json object = Json::object();
        for (std::size_t i = 0; i < fields.size(); ++i) {
          const int column = static_cast<int>(i);
          const bool is_time = fields[i].name == "createdAt" || fields[i].name == "updatedAt";
          if (is_time || (is_unset(fields[i], row, column) && !fields[i].required)) continue;
          object[fields[i].name] = decode_field(fields[i], row, column, files);
        }
        found.push_back(std::move(object));
      });
    });
    return to_json_text(found);
  }

  std::string plan(const std::string& pipeline) {
    std::string lines;
    (*this)->read([&](Reads& reads) {
      const ClassSchema& of = *reads.schema().find("Sale");
      for (const std::string& line : reads.explain_aggregate(of, parse_pipeline(parse_json(pipeline)))) lines += line + "\n";
    });
    return lines;
  }
};

TEST_CASE("rows pass through without stages, but for what only the server knows") {
  SalesStore store;
  CHECK(store.rows("[]") == R"([{"objectId":"1","kind":"tea","Kind":7,"n":9223372036854775807,"list":[1,"\u0001",{"a":0.1}],)"
                            R"("shop":{"__type":"Pointer","className":"Shop","objectId":"north"}},)"
                            R"({"objectId":"2","kind":"tea","n":9223372036854775807,)"
                            R"("file":{"__type":"File","name":"a b.txt","url":"http://host/files/a%20b.txt"},)"
                            R"("spot":{"__type":"GeoPoint","latitude":0.1,"longitude":0.30000000000000004}},{"objectId":"3","n":0.5}])");
}

TEST_CASE("sums are JavaScript's and never overflow") {
  SalesStore store;
  CHECK(store.rows(R"([{"$group":{"_id":"$kind","sum":{"$sum":"$n"}}}])") ==
        R"([{"objectId":"tea","sum":18446744073709552000},{"objectId":null,"sum":0.5}])");
  CHECK(store.rows(R"([{"$limit":1},{"$project":{"_id":0,"v":{"$multiply":["$n","$n"]}}}])") == R"([{"v":8.507059173023462e+37}])");
  CHECK(store.rows(R"([{"$limit":1},{"$project":{"_id":0,"v":{"$multiply":[1e300,1e300]}}}])") == R"([{"v":null}])");
}

TEST_CASE("names that differ in case only are two fields") {
  SalesStore store;
  CHECK(store.rows(R"([{"$limit":1},{"$project":{"_id":0,"kind":"$Kind","KIND":"$kind"}}])") == R"([{"kind":7,"KIND":"tea"}])");
}

TEST_CASE("elements keep their values") {
  SalesStore store;
  CHECK(store.rows(R"([{"$unwind":"$list"},{"$project":{"_id":0,"list":1}}])") == R"([{"list":1},{"list":"\u0001"},{"list":{"a":0.1}}])");
}

TEST_CASE("conditions at the front use the indexes of the table") {
  SalesStore store;
  CHECK_THAT(store.plan(R"([{"$match":{"shop":"north"}},{"$group":{"_id":"$kind","n":{"$sum":"$n"}}}])"),
             Catch::Contains("USING INDEX Sale.shop"));
  CHECK_THAT(store.plan(R"([{"$lookup":{"from":"Shop","localField":"shop","foreignField":"_id","as":"s"}}])"),
             Catch::Contains("SEARCH f USING INDEX"));
}

TEST_CASE("many fields in one object") {
  SalesStore store;
  std::string members;
  for (int i = 0; i < 150; ++i) members += (i == 0 ? R"("f)" : R"(,"f)") + std::to_string(i) + R"(":1)";
  CHECK(store.rows(R"([{"$limit":1},{"$project":{"_id":0,"o":{)" + members + R"(}}},{"$project":{"o":"$o.f149"}}])") == R"([{"o":1}])");
}

TEST_CASE("fields that are made of each other again and again stay small") {
  SalesStore store;
  std::string stages;
  for (int i = 0; i < 40; ++i) stages += R"(,{"$set":{"n":{"$add":["$n","$n"]}}})";
  CHECK(store.rows(R"([{"$match":{"objectId":"3"}},{"$project":{"_id":0,"n":1}})" + stages + "]") == R"([{"n":549755813888}])");
}

TEST_CASE("expressions nest as deep as the parser allows") {
  SalesStore store;
  std::string deep = R"("$n")", chosen = R"("$kind")";
  for (std::size_t i = 1; i < kMaxExpressionDepth; ++i) {
    deep = R"({"$add":[1,)" + deep + "]}";
    chosen = R"({"$cond":[{"$eq":[1,2]},0,)" + chosen + "]}";
  }
  CHECK(store.rows(R"([{"$skip":2},{"$project":{"_id":0,"v":)" + deep + "}}]") == R"([{"v":23.5}])");
  CHECK(store.rows(R"([{"$limit":1},{"$project":{"_id":0,"v":)" + chosen + "}}]") == R"([{"v":"tea"}])");
  CHECK(store.rows(R"([{"$skip":2},{"$set":{"v":{"$ifNull":["$$ROOT",)" + deep + R"(]}}},{"$project":{"_id":0,"v.n":1}}])") ==
        R"([{"v":{"n":0.5}}])");
}

TEST_CASE("a value that grows without end is refused") {
  SalesStore store;
  std::string stages;
  for (int i = 0; i < 40; ++i) stages += R"(,{"$set":{"v":["$v","$v"]}})";
  CHECK_THROWS_AS(store.rows(R"([{"$limit":1},{"$set":{"v":"0123456789"}})" + stages + "]"), Error);
}

}  // namespace
}  // namespace parsimony
