#include "query/update.h"

#include <catch2/catch.hpp>

#include "support/refusal.h"

namespace parsimony {
namespace {

FieldUpdate only_update(const std::string& value, const std::string& name = "f") {
  Json body = Json::object();
  body[name] = parse_json(value);
  const Update update = parse_update(body);
  REQUIRE(update.size() == 1);
  return update.front();
}

TEST_CASE("a body becomes field updates") {
  const auto [value, kind, operand] = GENERATE(table<std::string, UpdateKind, std::string>({
      {"5", UpdateKind::Set, "5"},
      {"null", UpdateKind::Set, "null"},
      {R"({"a":[1]})", UpdateKind::Set, R"({"a":[1]})"},
      {R"({"__op":""})", UpdateKind::Set, R"({"__op":""})"},
      {R"({"__op":null})", UpdateKind::Set, R"({"__op":null})"},
      {R"({"__type":"Date","iso":"2020-01-01"})", UpdateKind::Set, R"({"__type":"Date","iso":"2020-01-01"})"},
      {R"({"__op":"Delete"})", UpdateKind::Delete, "null"},
      {R"({"__op":"Increment","amount":-1.5})", UpdateKind::Increment, "-1.5"},
      {R"({"__op":"Add","objects":[1,{"a":2}]})", UpdateKind::Add, R"([1,{"a":2}])"},
      {R"({"__op":"AddUnique","objects":[]})", UpdateKind::AddUnique, "[]"},
      {R"({"__op":"Remove","objects":[1]})", UpdateKind::Remove, "[1]"},
      {R"({"__op":"SetOnInsert","amount":"x"})", UpdateKind::SetOnInsert, R"("x")"},
      {R"({"__op":"AddRelation","objects":[{"__type":"Pointer","className":"C","objectId":"x"}]})", UpdateKind::AddRelation,
       R"([{"__type":"Pointer","className":"C","objectId":"x"}])"},
      {R"({"__op":"RemoveRelation","objects":[{"__type":"Object","className":"C","objectId":"x","n":1}]})", UpdateKind::RemoveRelation,
       R"([{"__type":"Pointer","className":"C","objectId":"x"}])"},
  }));
  CAPTURE(value);
  const FieldUpdate update = only_update(value);
  CHECK(update.path.text() == "f");
  CHECK(update.kind == kind);
  CHECK(to_json_text(update.operand) == operand);
}

TEST_CASE("fields keep the order of the body, and a Batch becomes its members") {
  const Update update = parse_update(parse_json(R"({
    "b":1,
    "r":{"__op":"Batch","ops":[{"__op":"AddRelation","objects":[{"__type":"Pointer","className":"C","objectId":"x"}]},
                               {"__op":"RemoveRelation","objects":[{"__type":"Pointer","className":"C","objectId":"y"}]}]},
    "a.x":2, "ACL":{"role:a.b":{"read":true}}, "objectId":"x"})"));
  REQUIRE(update.size() == 6);
  CHECK(update[0].path.field == "b");
  CHECK(update[1].kind == UpdateKind::AddRelation);
  CHECK(update[2].kind == UpdateKind::RemoveRelation);
  CHECK(is_relation_update(update[2]));
  CHECK(update[2].path.field == "r");
  CHECK(update[3].path.inner == std::vector<std::string>{"x"});
  CHECK(update[4].path.field == "ACL");
  CHECK(update[5].path.field == "objectId");
  CHECK(parse_update(Json::object()).empty());
}

TEST_CASE("a bad body is refused") {
  const std::string nested = "Nested keys should not contain the '$' or '.' characters";
  const auto [body, code, message] = GENERATE_COPY(table<std::string, int, std::string>({
      {"[1]", 105, "Invalid field name: 0."},
      {"null", 107, "the fields to save must be a JSON object"},
      {R"({"_foo":1})", 105, "Invalid field name: _foo."},
      {R"({"_hashed_password":"x"})", 105, "Invalid field name: _hashed_password."},
      {R"({"a-b":1})", 105, "Invalid field name: a-b."},
      {R"({"1a":1})", 105, "Invalid field name: 1a."},
      {R"({"":1})", 105, "Invalid field name: ."},
      {R"({"length":1})", 105, "Invalid field name: length."},
      {R"({"className":1})", 105, "Invalid field name: className."},
      {R"({"__op":"Increment"})", 105, "Invalid field name: __op."},
      {R"({".a":1})", 105, "Invalid field name: .a."},
      {R"({"a.":1})", 105, "Invalid field name: a.."},
      {R"({"a..b":1})", 105, "Invalid field name: a..b."},
      {R"({"a.$b":1})", 121, nested},
      {R"({"o":{"a.b":1}})", 121, nested},
      {R"({"o":[{"a":{"$b":1}}]})", 121, nested},
      {R"({"o.k":{"a.b":1}})", 121, nested},
      {R"({"o":{"__op":"Add","objects":[{"a.b":1}]}})", 121, nested},
      {R"({"p":{"__type":"Pointer"}})", 111, "This is not a valid Pointer"},
      {R"({"p":{"__type":"Object","className":"C","objectId":"x"}})", 111, "This is not a valid Object"},
      {R"({"o.p":{"__type":"Date","iso":"x"}})", 111, "This is not a valid Date"},
      {R"({"n":{"__op":"Increment"}})", 107, "incrementing must provide a number"},
      {R"({"n":{"__op":"Increment","amount":"1"}})", 107, "incrementing must provide a number"},
      {R"({"a":{"__op":"Add","objects":1}})", 107, "objects to add must be an array"},
      {R"({"a":{"__op":"AddUnique"}})", 107, "objects to add must be an array"},
      {R"({"a":{"__op":"Remove","objects":{}}})", 107, "objects to remove must be an array"},
      {R"({"a":{"__op":"Foo"}})", 108, "The Foo operator is not supported yet."},
      {R"({"a":{"__op":5}})", 108, "The 5 operator is not supported yet."},
      {R"({"a":{"__op":{"x":[]}}})", 108, R"(The {"x":[]} operator is not supported yet.)"},
      {R"({"r":{"__op":"AddRelation"}})", 107, "the objects of a relation must be an array of pointers"},
      {R"({"r":{"__op":"AddRelation","objects":[]}})", 107, "the objects of a relation must be an array of pointers"},
      {R"({"r":{"__op":"AddRelation","objects":[1]}})", 107, "the objects of a relation must be pointers to saved objects"},
      {R"({"r":{"__op":"AddRelation","objects":[{"__type":"Pointer","className":"C"}]}})", 107,
       "the objects of a relation must be pointers to saved objects"},
      {R"({"r":{"__op":"AddRelation","objects":[{"__type":"Pointer","className":"C","objectId":"x"},
                                                {"__type":"Pointer","className":"D","objectId":"x"}]}})",
       111, "the objects of a relation must be of one class"},
      {R"({"r.x":{"__op":"AddRelation","objects":[{"__type":"Pointer","className":"C","objectId":"x"}]}})", 111,
       "a relation cannot lie within another field: r.x"},
      {R"({"r":{"__op":"Batch"}})", 107, "the ops of a Batch must be an array of operators"},
      {R"({"r":{"__op":"Batch","ops":[]}})", 107, "the ops of a Batch must be an array of operators"},
      {R"({"r":{"__op":"Batch","ops":[1]}})", 108, "The null operator is not supported yet."},
      {R"({"r":{"__op":"Batch","ops":[{"__op":"Batch","ops":[]}]}})", 108, "The Batch operator is not supported yet."},
  }));
  CAPTURE(body);
  const Json value = parse_json(body);
  CHECK(refusal_of([&] { parse_update(value); }) == std::pair(code, message));
}

Json body_of(std::size_t fields, const std::string& prefix) {
  Json::object_t body;
  for (std::size_t i = 0; i < fields; ++i) body.emplace_back(prefix + std::to_string(i), 1);
  return body;
}

TEST_CASE("sizes of a body are limited") {
  CHECK_NOTHROW(parse_update(body_of(kMaxFieldsInUpdate, "f")));
  CHECK(refusal_of([] { parse_update(body_of(kMaxFieldsInUpdate + 1, "f")); }).first == 107);
  CHECK_NOTHROW(parse_update(body_of(kMaxDottedUpdates, "o.f")));
  CHECK(refusal_of([] { parse_update(body_of(kMaxDottedUpdates + 1, "o.f")); }).first == 107);
  CHECK_NOTHROW(only_update("1", std::string(128, 'a')));
  CHECK(refusal_of([] { only_update("1", std::string(129, 'a')); }).first == 105);
  const auto long_name = refusal_of([] { only_update("1", "a." + std::string(100000, 'b')); });
  CHECK(long_name.first == 105);
  CHECK(long_name.second.size() < 200);
  Json batch = {{"__op", "Batch"}, {"ops", Json::array()}};
  for (std::size_t i = 0; i <= kMaxBatchOperations; ++i) batch["ops"].push_back({{"__op", "Delete"}});
  CHECK(refusal_of([&] { parse_update({{"f", batch}}); }).first == 107);
}

TEST_CASE("a change implies the type of its field") {
  const auto [name, value, expected] = GENERATE(table<std::string, std::string, std::string>({
      {"f", "5", "Number"},
      {"f", R"({"__type":"Pointer","className":"C","objectId":"x"})", "Pointer<C>"},
      {"f", "null", "none"},
      {"f", R"({"__op":"Delete"})", "none"},
      {"f", R"({"__op":"Increment","amount":1})", "Number"},
      {"f", R"({"__op":"Add","objects":[]})", "Array"},
      {"f", R"({"__op":"AddUnique","objects":[]})", "Array"},
      {"f", R"({"__op":"Remove","objects":[]})", "Array"},
      {"f", R"({"__op":"SetOnInsert","amount":true})", "Boolean"},
      {"f", R"({"__op":"SetOnInsert"})", "none"},
      {"f", R"({"__op":"RemoveRelation","objects":[{"__type":"Pointer","className":"C","objectId":"x"}]})", "Relation<C>"},
      {"f.x", "5", "Object"},
      {"f.x", R"({"__op":"Increment","amount":1})", "Object"},
      {"f.x.0", "5", "Object"},
      {"f.0", "5", "Array"},
      {"f.0.x", "5", "Array"},
      {"f.0x", "5", "Object"},
      {"f.x", "null", "none"},
      {"f.x", R"({"__op":"Delete"})", "none"},
      {"ACL", "{}", "ACL"},
      {"ACL", R"({"__op":"Delete"})", "none"},
  }));
  CAPTURE(name, value);
  const auto spec = implied_type(only_update(value, name));
  CHECK((spec ? describe(*spec) : "none") == expected);
}

TEST_CASE("an update changes the value of its field") {
  struct Case {
    std::string name, value, current, expected;
  };
  const auto c = GENERATE(values<Case>({
      {"f", "5", "1", "5"},
      {"f", "null", "1", "null"},
      {"f", R"({"__op":"Delete"})", "1", "null"},
      {"f", R"({"__op":"SetOnInsert","amount":5})", "1", "1"},
      {"f", R"({"__op":"Increment","amount":2})", "null", "2"},
      {"f", R"({"__op":"Increment","amount":2})", "40", "42"},
      {"f", R"({"__op":"Increment","amount":0.5})", "1", "1.5"},
      {"f", R"({"__op":"Increment","amount":1})", "9223372036854775807", "9223372036854776000"},
      {"f", R"({"__op":"Increment","amount":-1})", "9007199254740993", "9007199254740992"},
      {"f", R"({"__op":"Add","objects":[1,1]})", "[1]", "[1,1,1]"},
      {"f", R"({"__op":"Add","objects":[1]})", "null", "[1]"},
      {"f", R"({"__op":"AddUnique","objects":[2,1.0,{"b":2,"a":1},3,3]})", R"([{"a":1,"b":2},1])", R"([{"a":1,"b":2},1,2,3])"},
      {"f", R"({"__op":"AddUnique","objects":[1,1]})", "null", "[1]"},
      {"f", R"({"__op":"Remove","objects":[1,[2]]})", "[1,[2],3,1.0,2]", "[3,2]"},
      {"f", R"({"__op":"Remove","objects":[1]})", "null", "[]"},
      {"f", R"({"__op":"Remove","objects":[{"__type":"Pointer","className":"C","objectId":"x"}]})",
       R"([{"__type":"Object","className":"C","objectId":"x","n":1},1])", "[1]"},
      {"f.x", "5", "null", R"({"x":5})"},
      {"f.x", "5", R"({"y":1})", R"({"y":1,"x":5})"},
      {"f.x", "5", R"({"x":1,"y":1})", R"({"x":5,"y":1})"},
      {"f.x.y.z", "5", R"({"x":{}})", R"({"x":{"y":{"z":5}}})"},
      {"f.x", "null", R"({"x":1,"y":1})", R"({"y":1})"},
      {"f.x", R"({"__op":"Delete"})", R"({"x":1})", "{}"},
      {"f.x.y", R"({"__op":"Delete"})", R"({"z":1})", R"({"z":1})"},
      {"f.x", R"({"__op":"Delete"})", "null", "null"},
      {"f.x", R"({"__op":"Increment","amount":2})", R"({"x":1})", R"({"x":3})"},
      {"f.x", R"({"__op":"Increment","amount":2})", "null", R"({"x":2})"},
      {"f.x", R"({"__op":"Add","objects":[2]})", R"({"x":[1]})", R"({"x":[1,2]})"},
      {"f.0", "9", "[1,2]", "[9,2]"},
      {"f.2", "9", "[1,2]", "[1,2,9]"},
      {"f.0", "9", "null", "[9]"},
      {"f.1.x", R"({"__op":"Increment","amount":2})", R"([1,{"x":1}])", R"([1,{"x":3}])"},
      {"f.1", R"({"__op":"Delete"})", "[1,2,3]", "[1,null,3]"},
      {"f.3", R"({"__op":"Delete"})", "[1,2,3]", "[1,2,3]"},
      {"f.0", "9", R"({"a":1})", R"({"a":1,"0":9})"},
  }));
  CAPTURE(c.name, c.value, c.current);
  CHECK(to_json_text(apply_update(only_update(c.value, c.name), parse_json(c.current), false)) == c.expected);
}

TEST_CASE("a create takes the operators' values") {
  const auto [value, expected] = GENERATE(table<std::string, std::string>({
      {R"({"__op":"Increment","amount":2})", "2"},
      {R"({"__op":"Add","objects":[1,1]})", "[1,1]"},
      {R"({"__op":"AddUnique","objects":[1,1]})", "[1,1]"},
      {R"({"__op":"Remove","objects":[1]})", "[]"},
      {R"({"__op":"Delete"})", "null"},
      {R"({"__op":"SetOnInsert","amount":5})", "5"},
  }));
  CAPTURE(value);
  CHECK(to_json_text(apply_update(only_update(value), nullptr, true)) == expected);
}

TEST_CASE("an operator that does not fit the value is refused") {
  struct Case {
    std::string name, value, current;
  };
  const auto c = GENERATE(values<Case>({
      {"f", R"({"__op":"Increment","amount":1})", R"("x")"},
      {"f", R"({"__op":"Increment","amount":1e308})", "1.7e308"},
      {"f", R"({"__op":"Add","objects":[1]})", "{}"},
      {"f", R"({"__op":"Remove","objects":[1]})", "5"},
      {"f.x", "5", "5"},
      {"f.x.y", "5", R"({"x":"s"})"},
      {"f.x", "5", "[1]"},
      {"f.2", "5", "[1]"},
      {"f.99999999999999999999999", "5", "[1]"},
      {"f.x", R"({"__op":"Increment","amount":1})", R"({"x":true})"},
  }));
  CAPTURE(c.name, c.value, c.current);
  const FieldUpdate update = only_update(c.value, c.name);
  CHECK(refusal_of([&] { apply_update(update, parse_json(c.current), false); }).first == 111);
}

TEST_CASE("a dotted update cannot nest deeper than what can be read again") {
  const std::string deep = std::string(kMaxJsonDepth - 2, '[') + std::string(kMaxJsonDepth - 2, ']');
  CHECK_NOTHROW(apply_update(only_update(deep, "f.a.b"), nullptr, false));
  const FieldUpdate too_deep = only_update(deep, "f.a.b.c");
  CHECK(refusal_of([&] { apply_update(too_deep, nullptr, false); }).first == 107);
}

TEST_CASE("AddUnique and Remove take time that does not multiply their lists") {
  Json list = Json::array();
  for (int i = 0; i < 50'000; ++i) list.push_back({{"i", i}});
  FieldUpdate update{{"f", {}}, UpdateKind::AddUnique, list};
  CHECK(apply_update(update, list, false).size() == list.size());
  update.kind = UpdateKind::Remove;
  CHECK(apply_update(update, list, false).empty());
}

TEST_CASE("list and number operators answer with the new value") {
  CHECK(answers_with_value(only_update(R"({"__op":"Increment","amount":1})")));
  CHECK(answers_with_value(only_update(R"({"__op":"Remove","objects":[]})")));
  CHECK_FALSE(answers_with_value(only_update("1")));
  CHECK_FALSE(answers_with_value(only_update(R"({"__op":"Delete"})")));
}

}  // namespace
}  // namespace parsimony
