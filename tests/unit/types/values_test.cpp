#include <catch2/catch.hpp>

#include "support/refusal.h"
#include "types/acl.h"
#include "types/class_schema.h"
#include "types/date.h"
#include "types/field_type.h"
#include "types/geo.h"
#include "types/pointer.h"

namespace parsimony {
namespace {

Field field_of(std::string name, FieldType type, std::string column) {
  Field field;
  field.name = std::move(name);
  field.spec.type = type;
  field.column = std::move(column);
  return field;
}

TEST_CASE("dates are read as JavaScript reads ISO 8601") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"2020", "2020-01-01T00:00:00.000Z"},
      {"2020-02", "2020-02-01T00:00:00.000Z"},
      {"2020-02-29", "2020-02-29T00:00:00.000Z"},
      {"2020-01-31T10:00Z", "2020-01-31T10:00:00.000Z"},
      {"2020-01-31T10:00", "2020-01-31T10:00:00.000Z"},
      {"2020-01-31T10:00:01Z", "2020-01-31T10:00:01.000Z"},
      {"2020-01-31T10:00:01.5Z", "2020-01-31T10:00:01.500Z"},
      {"2020-01-31T10:00:01.123987654321Z", "2020-01-31T10:00:01.123Z"},
      {"2020-01-31T10:00:00+02:00", "2020-01-31T08:00:00.000Z"},
      {"2020-01-31T23:00:00-0230", "2020-02-01T01:30:00.000Z"},
      {"2020-01-31T24:00", "2020-02-01T00:00:00.000Z"},
      {"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
      {"0000-01-01", "0000-01-01T00:00:00.000Z"},
      {"9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"},
  }));
  CAPTURE(text);
  CHECK(normalize_iso_date(text).value_or("refused") == expected);
}

TEST_CASE("what is no date is refused") {
  const std::string text =
      GENERATE(as<std::string>(), "", "x", "20", "2020-1-1", "2020-13-01", "2020-00-01", "2020-02-30", "2019-02-29", "2020-01-00",
               "2020-01-01T", "2020-01-01T10", "2020-01-01T10:60", "2020-01-01T25:00", "2020-01-01T24:00:00.001", "2020-01-01T10:00:60Z",
               "2020-01-01T10:00:00.Z", "2020-01-01T10:00Zx", "2020-01-01 10:00", "2020-01-01T10:00+2", "2020-01-01T10:00+24:00",
               "0000-01-01T00:00+01:00", "9999-12-31T23:00-02:00", "+2020-01-01", "99999-01-01", "2020-01-01T10:00:00.000ZZ");
  CAPTURE(text);
  CHECK_FALSE(parse_iso_date(text).has_value());
}

TEST_CASE("a date is decoded from its encoding or bare") {
  CHECK(decode_date(encode_date("2020-01-01")) == "2020-01-01T00:00:00.000Z");
  CHECK(decode_date("2020-01-01") == "2020-01-01T00:00:00.000Z");
  CHECK_FALSE(decode_date(5).has_value());
  CHECK_FALSE(decode_date(parse_json(R"({"__type":"Date"})")).has_value());
  CHECK_FALSE(decode_date(parse_json(R"({"__type":"Date","iso":5})")).has_value());
  CHECK_FALSE(decode_date(parse_json(R"({"iso":"2020-01-01"})")).has_value());
  CHECK(to_json_text(encode_date("t")) == R"({"__type":"Date","iso":"t"})");
}

TEST_CASE("every type has a name") {
  for (const std::string_view name :
       {"String", "Number", "Boolean", "Date", "Object", "Array", "GeoPoint", "Polygon", "File", "Bytes", "Pointer", "Relation", "ACL"}) {
    CAPTURE(name);
    REQUIRE(field_type_from_text(name).has_value());
    CHECK(to_text(*field_type_from_text(name)) == name);
  }
  CHECK_FALSE(field_type_from_text("string").has_value());
  CHECK_FALSE(field_type_from_text("").has_value());
  CHECK(describe({FieldType::Pointer, "Product"}) == "Pointer<Product>");
  CHECK(describe({FieldType::Relation, "Product"}) == "Relation<Product>");
  CHECK(describe({FieldType::Number, ""}) == "Number");
}

TEST_CASE("a value has a type") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {R"("x")", "String"},
      {"1", "Number"},
      {"1.5", "Number"},
      {"true", "Boolean"},
      {"[]", "Array"},
      {"{}", "Object"},
      {R"({"__type":""})", "Object"},
      {R"({"__type":null})", "Object"},
      {R"({"__type":0})", "Object"},
      {R"({"type":"Pointer"})", "Object"},
      {R"({"__type":"Date","iso":"2020-01-01T00:00:00Z"})", "Date"},
      {R"({"__type":"GeoPoint","latitude":100,"longitude":-200.5})", "GeoPoint"},
      {R"({"__type":"Polygon","coordinates":[[0,0],[0,1],[1,1]]})", "Polygon"},
      {R"({"__type":"File","name":"a.txt"})", "File"},
      {R"({"__type":"Bytes","base64":"aGk="})", "Bytes"},
      {R"({"__type":"Pointer","className":"C","objectId":"x"})", "Pointer<C>"},
      {R"({"__type":"Relation","className":"C"})", "Relation<C>"},
  }));
  CAPTURE(text);
  REQUIRE(type_of_value(parse_json(text)).has_value());
  CHECK(describe(*type_of_value(parse_json(text))) == expected);
}

TEST_CASE("null has no type") { CHECK_FALSE(type_of_value(nullptr).has_value()); }

TEST_CASE("an encoded value with missing or malformed parts is refused") {
  const auto [text, name] = GENERATE(table<std::string, std::string>({
      {R"({"__type":"Pointer"})", "Pointer"},
      {R"({"__type":"Pointer","className":"C"})", "Pointer"},
      {R"({"__type":"Pointer","className":"C","objectId":5})", "Pointer"},
      {R"({"__type":"Pointer","className":"","objectId":"x"})", "Pointer"},
      {R"({"__type":"Relation"})", "Relation"},
      {R"({"__type":"File"})", "File"},
      {R"({"__type":"File","name":""})", "File"},
      {R"({"__type":"File","name":{}})", "File"},
      {R"({"__type":"Bytes","base64":""})", "Bytes"},
      {R"({"__type":"Bytes"})", "Bytes"},
      {R"({"__type":"Date"})", "Date"},
      {R"({"__type":"Date","iso":"foo"})", "Date"},
      {R"({"__type":"Date","iso":"2020-02-30"})", "Date"},
      {R"({"__type":"GeoPoint","latitude":1})", "GeoPoint"},
      {R"({"__type":"GeoPoint","latitude":"1","longitude":1})", "GeoPoint"},
      {R"({"__type":"Polygon"})", "Polygon"},
      {R"({"__type":"Polygon","coordinates":[[0,0],[0,1],[1]]})", "Polygon"},
      {R"({"__type":"Polygon","coordinates":{"0":1}})", "Polygon"},
      {R"({"__type":"Object","className":"C","objectId":"x"})", "Object"},
      {R"({"__type":"ACL"})", "ACL"},
      {R"({"__type":"Foo"})", "Foo"},
      {R"({"__type":5})", "5"},
      {R"({"__type":["a"]})", R"(["a"])"},
  }));
  CAPTURE(text);
  const Json value = parse_json(text);
  CHECK(refusal_of([&] { type_of_value(value); }) == std::pair(111, "This is not a valid " + name));
}

TEST_CASE("the refusal of a type does not repeat a long name") {
  const Json value = {{"__type", std::string(100000, 'x')}};
  CHECK(refusal_of([&] { type_of_value(value); }).second.size() < 200);
}

TEST_CASE("nested keys hold neither dollar nor dot") {
  const std::pair<int, std::string> refusal = {121, "Nested keys should not contain the '$' or '.' characters"};
  const std::string bad = GENERATE(as<std::string>(), R"({"a.b":1})", R"({"$a":1})", R"({"a":[1,{"b":{"c$":1}}]})", R"([[{"a.":1}]])");
  CAPTURE(bad);
  CHECK(refusal_of([&] { require_valid_nested_keys(parse_json(bad)); }) == refusal);
  CHECK_NOTHROW(require_valid_nested_keys(parse_json(R"({"a":["$x.y",{"b-c":"$"}],"":1})")));
}

TEST_CASE("pointers are encoded and decoded") {
  const Pointer pointer{"C", "x"};
  CHECK(to_json_text(encode(pointer)) == R"({"__type":"Pointer","className":"C","objectId":"x"})");
  CHECK(decode_pointer(encode(pointer)) == pointer);
  CHECK(to_json_text(encode_relation("C")) == R"({"__type":"Relation","className":"C"})");
  const std::string bad = GENERATE(as<std::string>(), "null", R"("x")", "{}", R"({"__type":"Object","className":"C","objectId":"x"})",
                                   R"({"__type":"Pointer","className":"C"})", R"({"__type":"Pointer","className":1,"objectId":"x"})");
  CAPTURE(bad);
  CHECK_FALSE(decode_pointer(parse_json(bad)).has_value());
}

TEST_CASE("geo points and polygons are encoded and decoded") {
  const auto point = decode_geo_point(parse_json(R"({"__type":"GeoPoint","latitude":1,"longitude":-2.5})"));
  REQUIRE(point.has_value());
  CHECK(to_json_text(encode(*point)) == R"({"__type":"GeoPoint","latitude":1,"longitude":-2.5})");
  CHECK_FALSE(decode_geo_point(parse_json(R"({"latitude":1,"longitude":2})")).has_value());

  for (const char* too_short : {"[[0,0],[0,1]]", "[]"}) {
    const Json polygon = {{"__type", "Polygon"}, {"coordinates", parse_json(too_short)}};
    CHECK(refusal_of([&] { type_of_value(polygon); }).first == error_code::kInvalidJson);
  }
  const auto open = decode_polygon(parse_json(R"({"__type":"Polygon","coordinates":[[0,0],[0,1],[1,1]]})"));
  REQUIRE(open.has_value());
  const std::string closed = R"({"__type":"Polygon","coordinates":[[0,0],[0,1],[1,1],[0,0]]})";
  CHECK(to_json_text(encode_polygon(*open)) == closed);
  const auto again = decode_polygon(parse_json(closed));
  REQUIRE(again.has_value());
  CHECK(again->size() == 4);
}

TEST_CASE("an access control list keeps what is true") {
  const Acl acl = decode_acl(parse_json(R"({"*":{"read":true},"u":{"write":true,"read":true},"role:R":{"write":true,"read":false},
                                            "v":{"read":1,"write":"true","other":true}})"));
  CHECK(acl.read == std::vector<std::string>{"*", "u"});
  CHECK(acl.write == std::vector<std::string>{"u", "role:R"});
  CHECK(to_json_text(encode(acl)) == R"({"*":{"read":true},"u":{"read":true,"write":true},"role:R":{"write":true}})");
  CHECK(decode_acl(encode(acl)) == acl);
  CHECK(decode_acl(Json::object()) == Acl{});
  CHECK(to_json_text(encode(Acl{})) == "{}");
}

TEST_CASE("an access control list that is none is refused") {
  const std::string text = GENERATE(as<std::string>(), "null", R"("x")", "5", "[]", R"({"a":"x"})", R"({"a":null})", R"({"a":[]})",
                                    R"({"*unresolved":{"read":true}})");
  CAPTURE(text);
  CHECK(refusal_of([&] { decode_acl(parse_json(text)); }) == std::pair<int, std::string>(123, "Invalid ACL."));
}

TEST_CASE("names of classes and fields") {
  for (const std::string_view name : {"Product", "a", "A_1", "length", "_User", "_Role", "_Hooks", "_GlobalConfig"}) {
    CAPTURE(name);
    CHECK(is_valid_class_name(name));
  }
  for (const std::string_view name : {"", "1a", "_a", "_user", "a-b", "a.b", "a b", "_Join:users:_Role", "\u00e9", "a\n"}) {
    CAPTURE(name);
    CHECK_FALSE(is_valid_class_name(name));
    CHECK_FALSE(is_valid_field_name(name));
  }
  CHECK(is_valid_field_name("rowid"));
  CHECK(is_valid_field_name("group"));
  CHECK_FALSE(is_valid_field_name("length"));
  CHECK_FALSE(is_valid_field_name("className"));
  CHECK_FALSE(is_valid_field_name("_User"));
  CHECK(is_base_field("ACL"));
  CHECK_FALSE(is_base_field("acl"));
}

TEST_CASE("a class schema finds its fields after every change") {
  std::vector<Field> fields = base_fields();
  fields.push_back(field_of("price", FieldType::Number, "c_price"));
  fields.back().required = true;
  fields.back().default_value = 0;
  const ClassSchema schema("Product", fields);
  REQUIRE(schema.find("price") != nullptr);
  CHECK(schema.find("price")->required);
  CHECK(schema.find("Price") == nullptr);
  CHECK(schema.find("objectId")->spec.type == FieldType::String);
  CHECK(schema.find("ACL")->spec.type == FieldType::Acl);

  const ClassSchema wider = schema.with_field(field_of("name", FieldType::String, "c_name"));
  CHECK(schema.find("name") == nullptr);
  REQUIRE(wider.find("name") != nullptr);
  CHECK(wider.fields().size() == schema.fields().size() + 1);

  const ClassSchema replaced = wider.with_field(field_of("price", FieldType::String, "c2"));
  CHECK(replaced.fields().size() == wider.fields().size());
  CHECK(replaced.find("price")->column == "c2");

  const ClassSchema narrower = wider.without_field("price");
  CHECK(narrower.find("price") == nullptr);
  REQUIRE(narrower.find("name") != nullptr);
  CHECK(narrower.find("name")->column == "c_name");
  CHECK(narrower.without_field("absent").fields().size() == narrower.fields().size());
}

TEST_CASE("a snapshot finds its classes") {
  SchemaSnapshot snapshot;
  snapshot.classes.emplace("A", std::make_shared<const ClassSchema>("A", base_fields()));
  REQUIRE(snapshot.find("A") != nullptr);
  CHECK(snapshot.find("A")->name() == "A");
  CHECK(snapshot.find("a") == nullptr);
}

}  // namespace
}  // namespace parsimony
