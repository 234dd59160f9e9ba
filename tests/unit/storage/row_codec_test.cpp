#include "storage/row_codec.h"

#include <cmath>
#include <limits>

#include "unit/storage/test_store.h"

namespace parsimony {
namespace {

Json pointer_to(const char* class_name, const char* id) { return encode_pointer(class_name, id); }

Field field_for(const Json& value) {
  const FieldSpec spec = type_of_value(value).value();
  return field("f", spec.type, spec.target_class);
}

// The value as it comes back from the database: as a tree, and as text.
struct ReadBack {
  Json value;
  std::string text;
};

ReadBack store_and_read(Field kind, const Json& value) {
  TemporaryStore store;
  create_class(*store, "C", {std::move(kind)});
  insert(*store, "C", "x", {{"f", value}});
  ReadBack back;
  store->read([&](Reads& reads) {
    const ClassSchema& of = *reads.schema().find("C");
    const Field* f = of.find("f");
    const Filter everything;
    reads.find(Select{&of, {of.find("objectId"), f}, &everything, {}, std::nullopt, 0}, [&](const Row& row) {
      REQUIRE(row.text(0) == "x");
      back.value = decode_field(*f, row, 1, {"http://files/"});
      REQUIRE(is_unset(*f, row, 1) == back.value.is_null());
      if (!back.value.is_null()) append_field_json(back.text, *f, row, 1, {"http://files/"});
    });
  });
  return back;
}

TEST_CASE("values come back from the database as they went in") {
  constexpr double kTiny = std::numeric_limits<double>::denorm_min();
  constexpr double kHuge = std::numeric_limits<double>::max();
  const std::vector<Json> values = {
      "",
      "text",
      std::string("a\0b\0", 4),
      "\u00e4\u20ac\U0001F600 \"\\/\b\f\n\r\t\x01\x7f",
      "1",
      "1.0",
      "2020-01-01",
      std::string(100'000, 'x'),
      0,
      1,
      -1,
      std::numeric_limits<std::int64_t>::max(),
      std::numeric_limits<std::int64_t>::min(),
      9007199254740993,
      0.1 + 0.2,
      1e300,
      -1.5e-300,
      kTiny,
      kHuge,
      3.0000000000000004,
      true,
      false,
      Json::array(),
      parse_json(R"([1,"a\u0000b",null,[[]],{"x":0.1}])"),
      Json::object(),
      parse_json(R"({"b":1,"a":{"d":[true],"c":null},"\u00e4 \"":"\u0000"})"),
      encode_date("0000-01-01T00:00:00.000Z"),
      encode_date("9999-12-31T23:59:59.999Z"),
      pointer_to("C", "x"),
      pointer_to("Other_9", "\u00e4 '\""),
      parse_json(R"({"__type":"GeoPoint","latitude":-40.1234567890123,"longitude":30})"),
      parse_json(R"({"__type":"Polygon","coordinates":[[0.1,0],[0,1],[1.5,1],[0.1,0]]})"),
      parse_json(R"({"__type":"Bytes","base64":"AAECAw=="})"),
  };
  for (const Json& value : values) {
    INFO(to_json_text(value).substr(0, 200));
    const ReadBack back = store_and_read(field_for(value), value);
    CHECK(json_equal(back.value, value));
    CHECK(json_equal(parse_json(back.text), value));
    CHECK(back.text == to_json_text(back.value));
  }
}

TEST_CASE("what is null comes back as unset, for every type") {
  for (const FieldType type :
       {FieldType::String, FieldType::Number, FieldType::Boolean, FieldType::Date, FieldType::Object, FieldType::Array, FieldType::GeoPoint,
        FieldType::Polygon, FieldType::File, FieldType::Bytes, FieldType::Pointer}) {
    INFO(to_text(type));
    CHECK(store_and_read(field("f", type, type == FieldType::Pointer ? "C" : ""), nullptr).value.is_null());
  }
}

TEST_CASE("a file's address is made when it is read, unless it came with the data") {
  const Field file = field("f", FieldType::File);
  const Json ours = {{"__type", "File"}, {"name", "a b/\u00e4%.txt"}};
  const ReadBack made = store_and_read(file, ours);
  CHECK(made.value == Json{{"__type", "File"}, {"name", "a b/\u00e4%.txt"}, {"url", "http://files/a%20b/%C3%A4%25.txt"}});
  CHECK(made.text == to_json_text(made.value));

  const Json imported = {{"__type", "File"}, {"name", "a.txt"}, {"url", "https://elsewhere/a.txt"}};
  CHECK(store_and_read(file, imported).value == imported);
}

TEST_CASE("a polygon is stored closed") {
  const ReadBack back =
      store_and_read(field("f", FieldType::Polygon), parse_json(R"({"__type":"Polygon","coordinates":[[0,0],[0,1],[1,1]]})"));
  CHECK(back.text == R"({"__type":"Polygon","coordinates":[[0,0],[0,1],[1,1],[0,0]]})");
}

TEST_CASE("an object is decoded with the fields that it has, dates of its own making bare") {
  TemporaryStore store;
  create_class(*store, "C",
               {field("a", FieldType::Number), field("loc", FieldType::GeoPoint), field("b", FieldType::String),
                field("r", FieldType::Relation, "C")});
  const Json acl = parse_json(R"({"*":{"read":true},"role:R":{"read":true,"write":true}})");
  insert(*store, "C", "x", {{"b", "text"}, {"ACL", acl}});
  insert(*store, "C", "closed", {{"ACL", Json::object()}});
  std::vector<std::string> texts;
  store->read([&](Reads& reads) {
    const ClassSchema& of = *reads.schema().find("C");
    const RowLayout layout(all_fields(of));
    reads.scan(of, layout.fields(), 0, 10, [&](const Row& row) { texts.push_back(to_json_text(decode_object(layout, row, {}))); });
  });
  const std::string dates = R"("createdAt":"2020-01-01T00:00:00.000Z","updatedAt":"2020-01-01T00:00:00.000Z")";
  const std::string relation = R"("r":{"__type":"Relation","className":"C"})";
  REQUIRE(texts.size() == 2);
  CHECK(texts[0] == R"({"objectId":"x",)" + dates + R"(,"ACL":)" + to_json_text(acl) + R"(,"b":"text",)" + relation + "}");
  CHECK(texts[1] == R"({"objectId":"closed",)" + dates + R"(,"ACL":{},)" + relation + "}");
}

TEST_CASE("a layout counts the columns of each field") {
  const Field text = field("t", FieldType::String), place = field("g", FieldType::GeoPoint),
              relation = field("r", FieldType::Relation, "C"), file = field("f", FieldType::File), acl = field("ACL", FieldType::Acl);
  const RowLayout layout({&text, &place, &relation, &file, &acl, &text});
  const int expected[] = {0, 1, 3, 3, 5, 7};
  for (std::size_t i = 0; i < layout.fields().size(); ++i) {
    CHECK(layout.first_column(i) == expected[i]);
    CHECK(columns_of(*layout.fields()[i]).size() == static_cast<std::size_t>(column_count(layout.fields()[i]->spec.type)));
  }
}

}  // namespace
}  // namespace parsimony
