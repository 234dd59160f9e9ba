#include <algorithm>
#include <cstdlib>

#include "access/class_access.h"
#include "services/definitions.h"
#include "unit/services/transfer_support.h"

namespace parsimony {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;

constexpr const char* kProducts = R"({"results":[
  {"objectId":"p1","name":"Pan","price":60.5,"createdAt":"2024-01-02T03:04:05.678Z","updatedAt":"2024-01-03T03:04:05.678Z",
   "categories":{"__type":"Relation","className":"ProductCategory"}},
  {"objectId":"p2","name":"Pot","price":40,"createdAt":"2024-01-02T03:04:05.678Z","updatedAt":"2024-01-03T03:04:05.678Z"}
]})";
constexpr const char* kCategories = R"([{"objectId":"c1","name":"Kitchen","createdAt":"2024-01-01T00:00:00.000Z"}])";
constexpr const char* kJoins = R"({"results":[{"objectId":"652eecff6ddf2a18e8e00c92","owningId":"p1","relatedId":"c1"}]})";

std::string spec_of(TestDatabase& database, const std::string& class_name, const std::string& field) {
  const Field* found = database.find_class(class_name)->find(field);
  return found ? describe(found->spec) : "none";
}

}  // namespace

TEST_CASE("Objects are imported with every type kept exactly") {
  const TransferFolder folder;
  TestDatabase database;
  const std::string object =
      R"({"objectId":"x1","createdAt":"2024-01-02T03:04:05.678Z","updatedAt":"2024-02-02T03:04:05.678Z",)"
      R"("ACL":{"*":{"read":true},"role:Admin":{"write":true}},"text":"a\"\n\u00fc\ud83d\ude00","whole":7,"real":0.1,"big":1e+300,)"
      R"("flag":false,"when":{"__type":"Date","iso":"1999-12-31T23:59:59.999Z"},)"
      R"("place":{"__type":"GeoPoint","latitude":40.5,"longitude":-30},)"
      R"("area":{"__type":"Polygon","coordinates":[[0,0],[0,1],[1,1],[0,0]]},"bytes":{"__type":"Bytes","base64":"AAEC"},)"
      R"("picture":{"__type":"File","name":"a b.png","url":"https://example.com/a%20b.png"},)"
      R"("owner":{"__type":"Pointer","className":"Owner","objectId":"o1"},"list":[1,"a",{"b":[null]},{"__type":"Date","iso":"2000-01-01T00:00:00.000Z"}],)"
      R"("map":{"z":1,"a":{"deep":[{}]},"$odd.key":true},"tags":{"__type":"Relation","className":"Tag"}})";
  const ImportReport report = database.import({folder.write("Thing.json", "[" + object + "]")});
  CHECK(report.classes.at("Thing").added == 1);
  CHECK(database.objects("Thing") == to_json_text(parse_json(object)) + "\n");
  CHECK(spec_of(database, "Thing", "when") == "Date");
  CHECK(spec_of(database, "Thing", "owner") == "Pointer<Owner>");
  CHECK(spec_of(database, "Thing", "tags") == "Relation<Tag>");
}

TEST_CASE("A class made by an import is closed to all but the master key") {
  const TransferFolder folder;
  TestDatabase database;
  database.import({folder.write("Empty.json", R"({"results":[]})")});
  REQUIRE(database.find_class("Empty"));
  CHECK(database.find_class("Empty")->permissions == closed_permissions());
}

TEST_CASE("A folder is imported whatever the order of its files, with relations") {
  const std::string join_name = GENERATE("_Join:categories:Product.json",
                                         "_Join\xEA\x9E\x89"
                                         "categories\xEA\x9E\x89Product.json");
  const TransferFolder folder;
  TestDatabase database;
  folder.write("Product.json", kProducts);
  folder.write("ProductCategory.json", kCategories);
  folder.write(join_name, kJoins);
  folder.write("notes.txt", "no JSON");
  const ImportReport report = database.import({folder.path()});
  CHECK(report.files == 3);
  CHECK(report.classes.at("Product").added == 2);
  CHECK(report.relations.at("Product.categories").added == 1);
  CHECK(spec_of(database, "Product", "categories") == "Relation<ProductCategory>");
  CHECK(database.count_join_rows("Product", "categories") == 1);
  CHECK(database.objects("ProductCategory") ==
        R"({"objectId":"c1","createdAt":"2024-01-01T00:00:00.000Z","updatedAt":"2024-01-01T00:00:00.000Z","name":"Kitchen"})"
        "\n");
}

TEST_CASE("The class that a relation leads to is found by the related ids") {
  const TransferFolder folder;
  TestDatabase database;
  folder.write("Product.json", R"([{"objectId":"p1"}])");
  folder.write("ProductCategory.json", kCategories);
  folder.write("Other.json", R"([{"objectId":"o1"}])");
  folder.write("_Join:categories:Product.json", kJoins);
  SECTION("one class has them") {
    database.import({folder.path()});
    CHECK(spec_of(database, "Product", "categories") == "Relation<ProductCategory>");
  }
  SECTION("no class has them") {
    std::filesystem::remove(folder / "ProductCategory.json");
    CHECK_THAT(database.import_failure({folder.path()}), Contains("cannot tell which class the relation Product.categories leads to"));
  }
  SECTION("two classes have them") {
    folder.write("Other.json", R"([{"objectId":"c1"}])");
    CHECK_THAT(database.import_failure({folder.path()}), Contains("Other and ProductCategory both hold its related ids"));
  }
  SECTION("a class that is not there yet is made for it") {
    std::filesystem::remove(folder / "Product.json");
    database.import({folder.path()});
    CHECK(spec_of(database, "Product", "categories") == "Relation<ProductCategory>");
    CHECK(database.find_class("Product")->permissions == closed_permissions());
  }
}

TEST_CASE("A relation's file can come alone: the files beside it tell where it leads") {
  const TransferFolder folder;
  TestDatabase database;
  const auto joins = folder.write("_Join:categories:Product.json", kJoins);
  folder.write("Broken.json", "[{");
  SECTION("by a value of the relation") {
    folder.write("Product.json", kProducts);
    database.import({joins});
    CHECK(database.import({folder / "Product.json"}).classes.at("Product").added == 2);
  }
  SECTION("by the related ids") {
    folder.write("ProductCategory.json", kCategories);
    database.import({joins});
  }
  CHECK(spec_of(database, "Product", "categories") == "Relation<ProductCategory>");
  CHECK(database.count_join_rows("Product", "categories") == 1);
}

TEST_CASE("A definition decides types, permissions and the class of a relation") {
  const TransferFolder folder;
  TestDatabase database;
  folder.write("Product.json", R"([{"objectId":"p1","price":60}])");
  folder.write("_Join:categories:Product.json", kJoins);
  ImportOptions options;
  options.definitions = parse_definitions(
      R"([{"className":"Product","fields":{"name":{"type":"String","required":true},"price":{"type":"Number","required":true,"defaultValue":0},
           "categories":{"type":"Relation","targetClass":"ProductCategory"}},"classLevelPermissions":{"find":{"*":true}}}])");
  import_paths(database.store(), {folder.path()}, options);
  CHECK(spec_of(database, "Product", "categories") == "Relation<ProductCategory>");
  CHECK(database.find_class("Product")->permissions->at("find") == Json{{"*", true}});
  CHECK(database.count("Product") == 1);

  folder.write("Product.json", "[{\"objectId\":\"p1\",\n \"price\":\"60\"}]");
  CHECK_THAT(database.import_failure({folder / "Product.json"}),
             EndsWith("Product.json:2:10: price is a String here, but the class definition says Number"));
}

TEST_CASE("A contradiction is told with both places, and nothing of the import stays") {
  const TransferFolder folder;
  TestDatabase database;
  folder.write("Before.json", R"([{"objectId":"b1"}])");
  folder.write("Product.json", "[{\"price\":null},\n {\"price\": 60, \"name\":\"Pan\"},\n {\"name\":\"Pot\",\n  \"price\":[60]}]");
  const std::string failure = database.import_failure({folder.path()});
  CHECK_THAT(failure, Contains("Product.json:4:11: price is an Array here, but a Number at "));
  CHECK_THAT(failure, EndsWith("Product.json:2:12"));
  CHECK(database.store().schema()->classes.empty());
}

TEST_CASE("A bad file is refused with its place and the reason") {
  struct Case {
    std::string name;
    std::string content;
    std::string reason;
  };
  const Case bad = GENERATE(values<Case>({
      {"Thing.json", "[{\"a\":1},\n{\"a\":}]", "Thing.json:2:6: "},
      {"Thing.json", "[{\"a\":1},\n 7]", "Thing.json:2:2: expected an object, {...}"},
      {"Thing.json", "[{\"objectId\":\"a\"},\n{\"objectId\":\"a\"}]",
       "Thing.json:2:13: there is already an object with the objectId \"a\""},
      {"Thing.json", "[{\"objectId\":\"\"}]", "Thing.json:1:14: objectId must be a text"},
      {"Thing.json", "[{\"objectId\":12}]", "Thing.json:1:14: objectId must be a text"},
      {"Thing.json", "[{\"createdAt\":\"yesterday\"}]", "Thing.json:1:15: createdAt is no date"},
      {"Thing.json", "[{\"ACL\":[]}]", "Thing.json:1:9: Invalid ACL."},
      {"Thing.json", "[{\"a\":{\"__type\":\"GeoPoint\"}}]", "Thing.json:1:7: This is not a valid GeoPoint"},
      {"Thing.json", "[{\"a\":{\"__type\":\"Object\",\"className\":\"B\"}}]", "Thing.json:1:7: a holds a whole object"},
      {"Thing.json", "[{\"a.b\":1}]", "Thing.json:1:9: \"a.b\" can be no field"},
      {"Thing.json", R"([{"a":{"__type":"GeoPoint","latitude":1,"longitude":2},"b":{"__type":"GeoPoint","latitude":1,"longitude":2}}])",
       "b is a GeoPoint, but a class can have only one, and a is one already"},
      {"_Session.json", "[]", "objects of _Session cannot be imported"},
      {"_Join:users:_Installation.json", "[]", "objects of _Installation cannot be imported"},
      {"_User.json", "[{\"password\":\"secret\"}]", "_User.json:1:14: a password cannot be imported"},
      {"my-things.json", "[]", "\"my-things\" can be no class"},
      {"_Join:a-b:Thing.json", "[]", "\"a-b\" can be no field"},
      {"Thing.csv", "a,b", "only files whose names end in .json"},
      {"_SCHEMA.json", "[{\"className\":7}]", "_SCHEMA.json:1:2: A class definition"},
      {"_SCHEMA.json", "[\n{]", "_SCHEMA.json:2:2: "},
  }));
  const TransferFolder folder;
  TestDatabase database;
  CHECK_THAT(database.import_failure({folder.write("Good.json", R"([{"objectId":"g1"}])"), folder.write(bad.name, bad.content)}),
             Contains(bad.reason));
  CHECK(database.store().schema()->classes.empty());
}

TEST_CASE("A relation's row needs both ids, and its name a relation") {
  const TransferFolder folder;
  TestDatabase database;
  folder.write("Product.json", R"([{"objectId":"p1","name":"Pan"}])");
  folder.write("_Join:categories:Product.json", "[{\"owningId\":\"p1\",\n\"relatedId\":7}]");
  CHECK_THAT(database.import_failure({folder.path()}), Contains("Product.json:2:13: a row of a relation is"));
  std::filesystem::rename(folder / "_Join:categories:Product.json", folder / "_Join:name:Product.json");
  CHECK_THAT(database.import_failure({folder.path()}), Contains("name is a relation of Product, but a String at "));
}

TEST_CASE("A path that is not there is named") {
  TestDatabase database;
  CHECK_THAT(database.import_failure({"/nowhere/Product.json"}), Contains("/nowhere/Product.json: no such file or folder"));
}

TEST_CASE("Importing the same content again changes nothing") {
  const TransferFolder folder;
  TestDatabase database;
  folder.write("Product.json", kProducts);
  folder.write("ProductCategory.json", kCategories);
  folder.write("_Join:categories:Product.json", kJoins);
  folder.write("Nameless.json",
               R"([{"a":1,"big":1e20,"place":{"__type":"GeoPoint","latitude":1,"longitude":2},"whole":3.0},{"a":2},{"a":1},{"a":1}])");
  database.import({folder.path()});
  const std::string before = database.objects("Product") + database.objects("Nameless");
  CHECK(database.count("Nameless") == 4);

  const ImportReport again = database.import({folder.path()});
  for (const auto& [name, counts] : again.classes) {
    INFO(name);
    CHECK(counts.unchanged == counts.rows());
  }
  CHECK(again.relations.at("Product.categories").unchanged == 1);
  CHECK(database.objects("Product") + database.objects("Nameless") == before);
}

TEST_CASE("An object that is there is made equal to the file's") {
  const TransferFolder folder;
  TestDatabase database;
  database.import({folder.write("Product.json", kProducts)});
  const ImportReport report = database.import({folder.write(
      "Product.json",
      R"([{"objectId":"p1","price":61,"color":"red","createdAt":"2024-01-02T03:04:05.678Z","updatedAt":"2024-05-05T00:00:00.000Z"},
          {"objectId":"p3","name":"Lid"}])")});
  CHECK(report.classes.at("Product").changed == 1);
  CHECK(report.classes.at("Product").added == 1);
  CHECK(database.object("Product", "p1") ==
        R"({"objectId":"p1","createdAt":"2024-01-02T03:04:05.678Z","updatedAt":"2024-05-05T00:00:00.000Z","price":61,)"
        R"("categories":{"__type":"Relation","className":"ProductCategory"},"color":"red"})");
  CHECK_THAT(database.object("Product", "p2"), Contains("Pot"));
}

TEST_CASE("A file that was imported before is passed over as long as it is the same") {
  const TransferFolder folder;
  TestDatabase database;
  folder.write("Product.json", kProducts);
  folder.write("ProductCategory.json", kCategories);
  folder.write("_Join:categories:Product.json", kJoins);
  CHECK(database.import({folder.path()}, true).files_skipped == 0);
  database.store().write([](Transaction& transaction) { transaction.remove(*transaction.schema().find("Product"), "p2"); });

  CHECK(database.import({folder.path()}, true).files_skipped == 3);
  CHECK(database.count("Product") == 1);

  folder.write("_Join:categories:Product.json", R"([{"owningId":"p1","relatedId":"c1"},{"owningId":"p9","relatedId":"c1"}])");
  CHECK(database.import({folder.path()}, true).files_skipped == 2);
  CHECK(database.count_join_rows("Product", "categories") == 2);
  CHECK(database.count("Product") == 1);

  folder.write("Product.json", std::string(kProducts) + "\n");
  CHECK(database.import({folder.path()}, true).files_skipped == 2);
  CHECK(database.count("Product") == 2);
}

TEST_CASE("A failed import leaves no note that its files were imported") {
  const TransferFolder folder;
  TestDatabase database;
  folder.write("A.json", R"([{"objectId":"a1"}])");
  folder.write("B.json", R"([{"objectId":)");
  CHECK_THROWS_AS(database.import({folder.path()}, true), ImportError);
  folder.write("B.json", R"([{"objectId":"b1"}])");
  CHECK(database.import({folder.path()}, true).files_skipped == 0);
  CHECK(database.count("A") == 1);
}

TEST_CASE("The progress of an import ends with all bytes and rows") {
  const TransferFolder folder;
  TestDatabase database;
  std::string text = "[{}";
  for (int i = 1; i < 2500; ++i) text += ",{\"i\":" + std::to_string(i) + "}";
  folder.write("Many.json", text + "]");
  std::vector<ImportProgress> seen;
  import_paths(database.store(), {folder.path()}, {}, [&](const ImportProgress& progress) { seen.push_back(progress); });
  REQUIRE(seen.size() > 2);
  CHECK(std::is_sorted(seen.begin(), seen.end(), [](const auto& a, const auto& b) { return a.bytes_done < b.bytes_done; }));
  CHECK(seen.back().bytes_done == seen.back().bytes_total);
  CHECK(seen.back().bytes_total == text.size() + 1);
  CHECK(seen.back().rows == 2500);
}

TEST_CASE("A file can be named twice") {
  const TransferFolder folder;
  TestDatabase database;
  folder.write("Product.json", kProducts);
  CHECK(database.import({folder.path(), folder / "Product.json"}).files == 1);
}

TEST_CASE("A real export of the shop comes in whole", "[shared]") {
  const char* named = std::getenv("PARSIMONY_SHARED");
  const std::filesystem::path data = std::filesystem::path(named ? named : "../shared") / "data" / "back4app-shop";
  if (!std::filesystem::exists(data)) {
    WARN("skipped: " << data << " is not there; PARSIMONY_SHARED names its folder");
    return;
  }
  TestDatabase database;
  const ImportReport report = database.import({data});
  CHECK(report.classes.at("Product").added == 10);
  CHECK(report.classes.at("ProductCategory").added == 5);
  CHECK(report.classes.at("Order").added == 4);
  CHECK(report.relations.at("Product.categories").added == 12);
  CHECK(spec_of(database, "Product", "categories") == "Relation<ProductCategory>");
  CHECK(spec_of(database, "Order", "product") == "Pointer<Product>");
}

}  // namespace parsimony
