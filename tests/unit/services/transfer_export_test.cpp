#include <map>

#include "services/definitions.h"
#include "unit/services/transfer_support.h"

namespace parsimony {
namespace {

using Catch::Matchers::Contains;
using Files = std::map<std::string, std::string>;

const std::string kJoinFile =
    "_Join\xEA\x9E\x89"
    "tags\xEA\x9E\x89Thing.json";

Files files_of(const TransferFolder& folder) {
  Files files;
  for (const std::string& name : folder.names()) files[name] = folder.read(name);
  return files;
}

void fill(TestDatabase& database) {
  const TransferFolder folder;
  folder.write("_SCHEMA.json",
               R"([{"className":"Thing","fields":{"text":{"type":"String","required":true,"defaultValue":"ü"},"unused":{"type":"File"},
                    "tags":{"type":"Relation","targetClass":"Tag"}},"classLevelPermissions":{"ACL":{"*":{"read":true}},"get":{"*":true}}},
                   {"className":"Nothing"}])");
  folder.write("Tag.json", R"([{"objectId":"t2"},{"objectId":"t1"}])");
  folder.write("_Join:tags:Thing.json",
               R"([{"owningId":"b","relatedId":"t2"},{"owningId":"a","relatedId":"t2"},{"owningId":"a","relatedId":"t1"}])");
  std::string things = "[";
  for (int i = 0; i < 4500; ++i) things += "{\"objectId\":\"n" + std::to_string(i) + "\",\"number\":" + std::to_string(i) + ".25},";
  things += R"({"objectId":"b","text":"\u0001\"\\ ü 😀","number":-0.0,"map":{"z":1,"a":[1e21,1e300,12345678901234567890]},
               "when":{"__type":"Date","iso":"2020-01-01"},"ACL":{"u1":{"read":true,"write":true},"*":{"read":true}}},
              {"objectId":"a","owner":{"__type":"Pointer","className":"Tag","objectId":"t1"},"picture":{"__type":"File","name":"own.png"},
               "other":{"__type":"File","name":"x","url":"https://example.com/x"},"ACL":{}}])";
  folder.write("Thing.json", things);
  database.import({folder.path()});
}

}  // namespace

TEST_CASE("Export, import into an empty database and export again give equal files") {
  TestDatabase first;
  fill(first);
  const TransferFolder exported;
  const ExportReport report = export_folder(first.store(), exported.path());
  CHECK(report.classes.at("Thing") == 4502);
  CHECK(report.classes.at("Nothing") == 0);
  CHECK(report.relations.at("Thing.tags") == 3);

  TestDatabase second;
  second.import({exported.path()});
  const TransferFolder again;
  export_folder(second.store(), again.path());
  CHECK(files_of(exported) == files_of(again));
  CHECK(exported.names() == std::vector<std::string>{"Nothing.json", "Tag.json", "Thing.json", kJoinFile, "_SCHEMA.json"});
}

TEST_CASE("An export has an object a line in the order of insertion, and join rows by their ids") {
  TestDatabase database;
  fill(database);
  const TransferFolder exported;
  export_folder(database.store(), exported.path());
  const std::string things = exported.read("Thing.json");
  CHECK_THAT(things, Catch::StartsWith("{\"results\":[\n{\"objectId\":\"n0\",\"number\":0.25,\"createdAt\":\""));
  CHECK(things.find("\"n4499\"") < things.find("{\"objectId\":\"b\""));
  CHECK(things.find("{\"objectId\":\"b\"") < things.find("{\"objectId\":\"a\""));
  CHECK_THAT(things, Contains(R"("map":{"z":1,"a":[1e+21,1e+300,12345678901234567000]})"));
  CHECK_THAT(things, Contains(R"("picture":{"__type":"File","name":"own.png"})"));
  CHECK_THAT(things, Contains(R"("other":{"__type":"File","name":"x","url":"https://example.com/x"})"));
  CHECK_THAT(things, Catch::EndsWith("}\n]}\n"));
  CHECK(exported.read(kJoinFile) ==
        "{\"results\":[\n{\"owningId\":\"a\",\"relatedId\":\"t1\"},\n{\"owningId\":\"a\",\"relatedId\":\"t2\"},\n"
        "{\"owningId\":\"b\",\"relatedId\":\"t2\"}\n]}\n");
  CHECK(exported.read("Nothing.json") == "{\"results\":[\n]}\n");
}

TEST_CASE("The definitions of an export give the same classes") {
  TestDatabase first;
  fill(first);
  const TransferFolder exported;
  export_folder(first.store(), exported.path());
  TestDatabase second;
  second.import({exported / "_SCHEMA.json"});
  const auto classes = second.store().schema();
  for (const auto& [name, schema] : first.store().schema()->classes) {
    INFO(name);
    REQUIRE(classes->find(name));
    CHECK(json_equal(encode_definition(*classes->find(name)), encode_definition(*schema)));
  }
}

TEST_CASE("An export replaces an earlier one and nothing else") {
  TestDatabase database;
  fill(database);
  const TransferFolder exported;
  export_folder(database.store(), exported.path());
  const std::vector<std::string> names = exported.names();

  SECTION("files of classes that are gone are removed") {
    exported.write("Gone.json", "[]");
    exported.write("Broken.json.unfinished", "[");
    export_folder(database.store(), exported.path());
    CHECK(exported.names() == names);
  }
  SECTION("a folder with other files is refused") {
    exported.write("holiday.jpg", "");
    CHECK_THROWS_WITH(export_folder(database.store(), exported.path()), Contains("holiday.jpg") && Contains("name an empty folder"));
  }
  SECTION("JSON files that are not of an export are left alone") {
    std::filesystem::remove(exported / "_SCHEMA.json");
    CHECK_THROWS_WITH(export_folder(database.store(), exported.path()), Contains("not of an export"));
    CHECK(exported.names().size() == names.size() - 1);
  }
}

TEST_CASE("A new folder is made for an export") {
  TestDatabase database;
  const TransferFolder parent;
  export_folder(database.store(), parent / "a/b");
  CHECK(parent.read("a/b/_SCHEMA.json") == "[\n]\n");
}

}  // namespace parsimony
