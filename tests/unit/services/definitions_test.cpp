#include "services/definitions.h"

#include "common/error.h"
#include "unit/storage/test_store.h"

namespace parsimony {
namespace {

std::string refusal(const char* json, NewClass kind = NewClass::Closed) {
  try {
    parse_definition(parse_json(json), kind);
    return "none";
  } catch (const Error& error) {
    return std::to_string(error.code().value()) + " " + error.message();
  }
}

TEST_CASE("definitions that are refused, and why") {
  CHECK(refusal(R"({"className":"C"})") == "none");
  CHECK(refusal(R"({"className":"C","fields":null,"classLevelPermissions":null,"indexes":{}})") == "none");
  CHECK(refusal(R"([])") == "107 A class definition must be an object.");
  CHECK(refusal(R"({})") == "135 A class definition needs a className.");
  CHECK(refusal(R"({"className":"a b"})").starts_with("103 Invalid classname: a b, "));
  CHECK(refusal(R"({"className":"_User"})") == "none");
  CHECK(refusal(R"({"className":"_Hooks"})").starts_with("103 "));
  CHECK(refusal((R"({"className":")" + std::string(129, 'c') + R"("})").c_str()).starts_with("103 "));
  CHECK(refusal(R"({"className":"C","fields":[]})") == "107 The fields of class C must be an object.");
  CHECK(refusal(R"({"className":"C","fields":{"a b":{"type":"String"}}})") == "105 invalid field name: a b");
  CHECK(refusal(R"({"className":"C","fields":{"length":{"type":"String"}}})") == "105 invalid field name: length");
  CHECK(refusal(R"({"className":"C","fields":{"f":{}}})") == "107 invalid JSON");
  CHECK(refusal(R"({"className":"C","fields":{"f":5}})") == "107 invalid JSON");
  CHECK(refusal(R"({"className":"C","fields":{"f":{"type":"Text"}}})") == "111 invalid field type: Text");
  CHECK(refusal(R"({"className":"C","fields":{"f":{"type":"ACL"}}})") == "111 invalid field type: ACL");
  CHECK(refusal(R"({"className":"C","fields":{"f":{"type":"Pointer"}}})") == "135 type Pointer needs a class name");
  CHECK(refusal(R"({"className":"C","fields":{"f":{"type":"Relation","targetClass":"a b"}}})").starts_with("103 Invalid classname: a b"));
  CHECK(refusal(R"({"className":"C","fields":{"f":{"type":"Number","defaultValue":true}}})") ==
        "111 schema mismatch for C.f default value; expected Number but got Boolean");
  CHECK(refusal(R"({"className":"C","fields":{"f":{"type":"Relation","targetClass":"C","required":true}}})")
            .starts_with("111 The 'required'"));
  CHECK(refusal(R"({"className":"C","fields":{"g":{"type":"GeoPoint"},"h":{"type":"GeoPoint"}}})")
            .starts_with("111 currently, only one GeoPoint"));
  CHECK(refusal(R"({"className":"C","classLevelPermissions":{"foo":{}}})").starts_with("107 foo is not a valid operation"));
  CHECK(refusal(R"({"className":"C","indexes":{"i":{"f":1}}})").starts_with("102 "));
}

TEST_CASE("permissions of a class whose definition has none depend on who defines it") {
  CHECK(parse_definition(parse_json(R"({"className":"C"})"), NewClass::Open).permissions == open_permissions());
  CHECK(parse_definition(parse_json(R"({"className":"C"})"), NewClass::Closed).permissions == closed_permissions());
  CHECK(parse_definition(parse_json(R"({"className":"C","classLevelPermissions":{}})"), NewClass::Open).permissions ==
        closed_permissions());
}

TEST_CASE("each form of a file of definitions") {
  for (const char* text :
       {R"({"className":"C"})", R"([{"className":"C"}])", R"({"definitions":[{"className":"C"}]})", R"({"results":[{"className":"C"}]})"}) {
    INFO(text);
    const auto definitions = parse_definitions(text);
    REQUIRE(definitions.size() == 1);
    CHECK(definitions[0].name() == "C");
  }
  CHECK(parse_definitions("[]").empty());
}

TEST_CASE("the database is brought in line with definitions, twice with the same result") {
  TemporaryStore store;
  create_class(*store, "C", {field("old", FieldType::String), field("n", FieldType::String), field("kept", FieldType::Number)});
  insert(*store, "C", "x", {{"old", "text"}, {"n", "1"}});
  const auto definitions =
      parse_definitions(R"([{"className":"C","fields":{"n":{"type":"Number"},"new":{"type":"Boolean","defaultValue":true},
    "kept":{"type":"Number","required":true,"defaultValue":5}},"classLevelPermissions":{"find":{"*":true}}},
    {"className":"D","fields":{"r":{"type":"Relation","targetClass":"C"}}}])");
  std::int64_t version = 0;
  for (int round = 0; round < 2; ++round) {
    std::vector<std::string> notes;
    store->write([&](Transaction& t) { notes = apply_definitions(t, definitions); });
    REQUIRE(notes.size() == 1);
    CHECK(notes[0] == "C.n is defined as Number, but the database has String; the field is left as it is");
    const auto snapshot = store->schema();
    if (round == 1) CHECK(snapshot->version == version);  // nothing was left to do
    version = snapshot->version;
    const ClassSchema& of = *snapshot->find("C");
    CHECK(of.find("old") != nullptr);
    CHECK(of.find("n")->spec.type == FieldType::String);
    CHECK(of.find("kept")->required);
    CHECK(of.find("new")->default_value == Json(true));
    CHECK(to_json_text(of.permissions->at("find")) == R"({"*":true})");
    CHECK(snapshot->find("D")->find("r") != nullptr);
    CHECK(ids(*store, "C", equals("old", "text")) == "x ");
  }
  CHECK(encode_definition(*store->schema()->find("D")).at("fields").at("r") == parse_json(R"({"type":"Relation","targetClass":"C"})"));
}

}  // namespace
}  // namespace parsimony
