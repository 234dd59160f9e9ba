// Saves and reads of objects below the REST API: what changes mean for a class, and what a caller may see.
#include <atomic>
#include <thread>

#include "query/find_options.h"
#include "services/files/folder_store.h"
#include "services/objects/field_changes.h"
#include "services/services.h"
#include "unit/storage/test_store.h"

namespace parsimony {
namespace {

const Caller kAnybody{};
const Caller kMaster{true};

std::string refusal(const std::function<void()>& run) {
  try {
    run();
    return "none";
  } catch (const Error& error) {
    return std::to_string(error.code().value()) + " " + error.message();
  }
}

class TestServices {
 public:
  explicit TestServices(ServiceSettings settings = open_settings()) : services_(*store_, files_, no_cloud_code(), std::move(settings)) {}

  static ServiceSettings open_settings() {
    ServiceSettings settings;
    settings.allow_client_class_creation = true;
    settings.allow_custom_object_id = true;
    settings.refusals = Refusals::Detailed;
    return settings;
  }

  const Services* operator->() const { return &services_; }
  Store& store() { return *store_; }

  std::string create(const char* class_name, const char* json, const Caller& caller = kAnybody) {
    return refusal([&] { services_.writer.run(services_.writer.prepare_create(caller, class_name, parse_json(json))); });
  }
  std::string update(const char* class_name, const char* id, const char* json, const Caller& caller = kAnybody) {
    return refusal([&] { services_.writer.run(services_.writer.prepare_update(caller, class_name, id, parse_json(json))); });
  }
  std::string remove(const char* class_name, const char* id, const Caller& caller = kAnybody) {
    return refusal([&] { services_.writer.run(services_.writer.prepare_remove(caller, class_name, id)); });
  }
  // The ids that a find gives to the caller, or its refusal.
  std::string find(const char* class_name, const char* parameters = "{}", const Caller& caller = kAnybody) {
    std::string found;
    const std::string refused = refusal([&] {
      const Json answer =
          parse_json(services_.reader.find(caller, class_name, parse_find_options(parse_json(parameters), caller.is_master)));
      for (const Json& object : answer.at("results")) found += object.at("objectId").get<std::string>() + " ";
      if (const Json* rows = find_member(answer, "count")) found += "count " + to_json_text(*rows);
    });
    return refused == "none" ? found : refused;
  }
  Json get(const char* class_name, const char* id, const char* parameters = "{}", const Caller& caller = kMaster) {
    return parse_json(services_.reader.get(caller, class_name, id, parse_get_options(parse_json(parameters))));
  }
  void permit(const char* class_name, const char* permissions) {
    services_.schemas.update(class_name, Json{{"classLevelPermissions", parse_json(permissions)}});
  }

 private:
  TemporaryStore store_;
  FolderStore files_{store_.path().parent_path() / "files"};
  Services services_;
};

std::string names(const std::vector<Field>& fields) {
  std::string text;
  for (const Field& each : fields) text += each.name + ":" + describe(each.spec) + " ";
  return text;
}

TEST_CASE("the fields that a save would add, and where it contradicts the class or itself") {
  std::vector<Field> fields = base_fields();
  for (const Field& each : {field("n", FieldType::Number), field("o", FieldType::Object), field("d", FieldType::Date),
                            field("g", FieldType::GeoPoint), field("r", FieldType::Relation, "X")}) {
    fields.push_back(each);
  }
  const ClassSchema of("C", fields);
  const auto missing = [&](const char* json) {
    std::string text;
    const std::string refused = refusal([&] { text = names(missing_fields(of, parse_update(parse_json(json)))); });
    return refused == "none" ? text : refused;
  };
  CHECK(missing(R"({})").empty());
  CHECK(missing(R"({"n":1,"o":{},"o.x":1,"n2":null,"n3":{"__op":"Delete"}})").empty());
  CHECK(missing(R"({"s":"","b":true,"a":{"__op":"Add","objects":[]},"i":{"__op":"Increment","amount":1},"q.x":1,"l.0":1})") ==
        "s:String b:Boolean a:Array i:Number q:Object l:Array ");
  CHECK(missing(R"({"p":{"__type":"Pointer","className":"X","objectId":"1"}})") == "p:Pointer<X> ");
  CHECK(missing(R"({"m":{"__op":"AddRelation","objects":[{"__type":"Pointer","className":"X","objectId":"1"}]}})") == "m:Relation<X> ");
  CHECK(missing(R"({"n":"1"})") == "111 schema mismatch for C.n; expected Number but got String");
  CHECK(missing(R"({"n.x":1})") == "111 schema mismatch for C.n; expected Number but got Object");
  CHECK(missing(R"({"d.iso":{"__op":"Delete"}})") == "111 schema mismatch for C.d; expected Date but got Object");
  CHECK(missing(R"({"o.0":1})") == "111 schema mismatch for C.o; expected Object but got Array");
  CHECK(missing(R"({"z.a":1,"z":5})") == "111 schema mismatch for C.z; expected Object but got Number");
  CHECK(missing(R"({"z":5,"z.a":null})") == "111 schema mismatch for C.z; expected Number but got Object");
  CHECK(missing(R"({"h":{"__type":"GeoPoint","latitude":1,"longitude":1}})") == "111 there can only be one geopoint field in a class");
  CHECK(missing(R"({"r":{"__op":"AddRelation","objects":[{"__type":"Pointer","className":"Y","objectId":"1"}]}})") ==
        "111 schema mismatch for C.r; expected Relation<X> but got Relation<Y>");
  CHECK(missing(R"({"p":{"__type":"Pointer","className":"a b","objectId":"1"}})").starts_with("103 Invalid classname: a b"));
}

TEST_CASE("required fields and defaults of a new object") {
  std::vector<Field> fields = base_fields();
  Field must = field("must", FieldType::String), filled = field("filled", FieldType::Number);
  must.required = true;
  filled.required = true;
  filled.default_value = 7;
  fields.push_back(must);
  fields.push_back(filled);
  const ClassSchema of("C", fields);
  const auto values = [&](const char* json) {
    std::string text;
    const std::string refused = refusal([&] {
      for (const FieldValue& value : values_of_new_object(of, parse_update(parse_json(json)))) text += to_json_text(value.value) + " ";
    });
    return refused == "none" ? text : refused;
  };
  CHECK(values(R"({"must":"a"})") == "\"a\" 7 ");
  CHECK(values(R"({"must":"a","filled":0})") == "\"a\" 0 ");
  CHECK(values(R"({"must":"a","filled":{"__op":"Delete"}})") == "\"a\" 7 ");
  CHECK(values(R"({"must":"a","filled":{"__op":"Increment","amount":2}})") == "\"a\" 2 ");
  for (const char* json : {R"({})", R"({"must":""})", R"({"must":null})", R"({"must":{"__op":"Delete"}})"})
    CHECK(values(json) == "142 must is required");
  CHECK(values(R"({"must":"a","filled":null})") == "142 filled is required");
  const auto change = [&](const char* json) { return refusal([&] { require_values_on_update(of, parse_update(parse_json(json))); }); };
  CHECK(change(R"({"other":null})") == "none");
  CHECK(change(R"({"must":"b"})") == "none");
  for (const char* json : {R"({"must":""})", R"({"must":null})", R"({"must":{"__op":"Delete"}})"})
    CHECK(change(json) == "142 must is required");
}

TEST_CASE("each operation needs its own permission, also behind another one") {
  TestServices services;
  REQUIRE(services.create("C", R"({"objectId":"x","n":1})") == "none");
  services.permit("C", R"({"find":{"*":true}})");
  CHECK(services.find("C") == "x ");
  CHECK(services.find("C", R"({"count":1})") == "119 Permission denied for action count on class C.");
  CHECK(services.find("C", R"({"count":1,"limit":0})") == "119 Permission denied for action count on class C.");
  CHECK(services.find("C", R"({"where":{"objectId":"x"}})") == "119 Permission denied for action get on class C.");
  CHECK(services.create("C", R"({"n":2})") == "119 Permission denied for action create on class C.");
  CHECK(services.update("C", "x", R"({"n":2})") == "119 Permission denied for action update on class C.");
  CHECK(services.remove("C", "x") == "119 Permission denied for action delete on class C.");
  services.permit("C", R"({"count":{"*":true},"create":{"*":true},"update":{"*":true}})");
  CHECK(services.find("C", R"({"count":1,"limit":0})") == "count 1");
  CHECK(services.find("C", R"({"count":1})") == "119 Permission denied for action find on class C.");
  CHECK(services.create("C", R"({"new":2})") == "119 Permission denied for action addField on class C.");
  CHECK(services.update("C", "x", R"({"new":2})") == "119 Permission denied for action addField on class C.");
  CHECK(services.update("C", "x", R"({"new":2})", kMaster) == "none");
}

TEST_CASE("rows that a caller may not read or write are as if they were not there") {
  TestServices services;
  services.create("C", R"({"objectId":"open","n":1})");
  services.create("C", R"({"objectId":"seen","n":1,"ACL":{"*":{"read":true}}})");
  services.create("C", R"({"objectId":"hidden","n":1,"ACL":{}})", kMaster);
  CHECK(services.find("C", R"({"count":1})") == "open seen count 2");
  CHECK(services.find("C", R"({"where":{"$or":[{"objectId":"hidden"},{"n":1}]},"order":"objectId"})") == "open seen ");
  CHECK(services.find("C", R"({"where":{"$nor":[{"objectId":"open"}]}})") == "seen ");
  CHECK(services.find("C", R"({"count":1})", kMaster) == "open seen hidden count 3");
  CHECK(services.update("C", "seen", R"({"n":2})") == "101 Object not found.");
  CHECK(services.remove("C", "seen") == "101 Object not found.");
  CHECK(services.update("C", "hidden", R"({"new":2})") == "101 Object not found.");
  CHECK(services.store().schema()->find("C")->find("new") == nullptr);
}

TEST_CASE("includes and relations show no more than the caller may read") {
  TestServices services;
  services.create("Part", R"({"objectId":"p1","n":1})");
  services.create("Part", R"({"objectId":"p2","n":2,"ACL":{}})", kMaster);
  services.create("C", R"({"objectId":"x","one":{"__type":"Pointer","className":"Part","objectId":"p2"},
    "many":[{"__type":"Pointer","className":"Part","objectId":"p1"},{"__type":"Pointer","className":"Part","objectId":"p2"}],
    "parts":{"__op":"AddRelation","objects":[{"__type":"Pointer","className":"Part","objectId":"p1"},
                                             {"__type":"Pointer","className":"Part","objectId":"p2"}]}})");
  const Json seen = services.get("C", "x", R"({"include":"one,many"})", kAnybody);
  CHECK(find_member(seen, "one") == nullptr);
  REQUIRE(seen.at("many").size() == 1);
  CHECK(seen.at("many")[0].at("n") == 1);
  const Json all = services.get("C", "x", R"({"include":"one,many"})");
  CHECK(all.at("one").at("n") == 2);
  CHECK(all.at("many").size() == 2);

  constexpr const char* kHeld = R"({"where":{"$relatedTo":{"object":{"__type":"Pointer","className":"C","objectId":"x"},"key":"parts"}}})";
  CHECK(services.find("Part", kHeld) == "p1 ");
  CHECK(services.find("Part", kHeld, kMaster) == "p1 p2 ");
  services.update("C", "x", R"({"ACL":{}})", kMaster);
  CHECK(services.find("Part", kHeld).empty());
  services.update("C", "x", R"({"ACL":null})", kMaster);
  CHECK(services.find("Part", kHeld) == "p1 ");
  services.permit("C", R"({"find":{"*":true}})");
  CHECK(services.find("Part", kHeld).empty());
  constexpr const char* kWithin =
      R"({"where":{"$or":[{"$relatedTo":{"object":{"__type":"Pointer","className":"C","objectId":"x"},"key":"parts"}}]}})";
  CHECK(services.find("Part", kWithin).empty());
}

TEST_CASE("classes that no request may name or make") {
  ServiceSettings settings = TestServices::open_settings();
  settings.allow_client_class_creation = false;
  TestServices services(settings);
  CHECK(services.create("C", "{}") == "119 This user is not allowed to access non-existent class: C");
  CHECK(services.find("C") == "119 This user is not allowed to access non-existent class: C");
  CHECK(services.create("C", "{}", kMaster) == "none");
  CHECK(services.create("C", "{}") == "none");
  for (const char* name : {"_Installation", "_Join:parts:C"}) {
    INFO(name);
    CHECK(services.find(name).starts_with("119 "));
    CHECK(services.create(name, "{}", kMaster).starts_with("119 "));
    CHECK(services.update(name, "x", "{}", kMaster).starts_with("119 "));
    CHECK(services.remove(name, "x", kMaster).starts_with("119 "));
  }
  CHECK(services.find("_Installation", "{}", kMaster).starts_with("119 "));
  CHECK(services.find("_Join:parts:C", "{}", kMaster).empty());
  for (const char* name : {"_SCHEMA", "_META", "_"}) {
    INFO(name);
    CHECK(services.find(name, "{}", kMaster).empty());
    CHECK(services.create(name, "{}", kMaster) == "107 schema class name does not revalidate");
    CHECK(services.update(name, "x", "{}", kMaster).starts_with("107 "));
    CHECK(services.remove(name, "x", kMaster).starts_with("107 "));
  }
  for (const char* name : {"a b", "1", "a-b", "a\"b", ""})
    CHECK(services.create(name, "{}", kMaster) == "107 schema class name does not revalidate");
}

TEST_CASE("operators on one row by many threads: none is lost") {
  TestServices services;
  services.create("C", R"({"objectId":"x","n":0,"list":[]})");
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 25; ++i) {
        services.update("C", "x", R"({"n":{"__op":"Increment","amount":1},"list":{"__op":"Add","objects":[1]}})");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const Json object = services.get("C", "x");
  CHECK(object.at("n") == 100);
  CHECK(object.at("list").size() == 100);
}

TEST_CASE("fields come and go while objects are saved and read") {
  TestServices services;
  services.create("C", R"({"objectId":"x","n":0})");
  std::atomic<bool> ending = false;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      while (!ending) {
        if (services.find("C", R"({"where":{"extra":{"$ne":"no"}},"order":"extra","include":"extra"})", kMaster) != "x ") ++wrong;
      }
    });
  }
  for (int i = 0; i < 60; ++i) {
    const char* json = i % 2 == 0 ? R"({"extra":"text"})" : R"({"extra":{"__type":"Pointer","className":"C","objectId":"x"}})";
    if (services.update("C", "x", json, kMaster) != "none") ++wrong;
    services->schemas.update("C", parse_json(R"({"fields":{"extra":{"__op":"Delete"}}})"));
  }
  ending = true;
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
  CHECK(find_member(services.get("C", "x"), "extra") == nullptr);
}

}  // namespace
}  // namespace parsimony
