#include "query/where_parser.h"

#include <catch2/catch.hpp>

#include "support/refusal.h"
#include "unit/query/filter_text.h"

namespace parsimony {
namespace {

std::string read(const std::string& text, const WhereRules& rules = {}) { return to_text(parse_where(parse_json(text), rules)); }

TEST_CASE("a where becomes a filter") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"{}", "all()"},
      {R"({"n":5})", "n = 5"},
      {R"({"n":null})", "n = null"},
      {R"({"n":5,"s":"x"})", R"(all(n = 5, s = "x"))"},
      {R"({"o.x.y":true})", "o.x.y = true"},
      {R"({"o":{}})", "o = {}"},
      {R"({"o":{"x":1}})", R"(o = {"x":1})"},
      {R"({"arr":[1,2]})", "arr = [1,2]"},
      {R"({"n":{"$eq":5}})", "n = 5"},
      {R"({"n":{"$ne":null}})", "n != null"},
      {R"({"n":{"$gt":1,"$lte":2.5}})", "all(n > 1, n <= 2.5)"},
      {R"({"n":{"$lt":"a","$gte":"b"}})", R"(all(n < "a", n >= "b"))"},
      {R"({"n":{"$in":[1,[2,3],"x",null]}})", R"(n in [1,2,3,"x",null])"},
      {R"({"n":{"$in":[]}})", "n in []"},
      {R"({"n":{"$nin":[[1]]}})", "n not in [1]"},
      {R"({"n":{"$exists":true}})", "n exists true"},
      {R"({"n":{"$exists":0}})", "n exists false"},
      {R"({"n":{"$exists":"x"}})", "n exists true"},
      {R"({"n":{"$exists":null}})", "n exists false"},
      {R"({"s":{"$regex":"^a"}})", R"(s like "^a")"},
      {R"({"s":{"$options":"imi","$regex":"^a","$ne":"ab"}})", R"(all(s like "^a" /im, s != "ab"))"},
      {R"({"o":{"x":1,"$gt":0}})", R"(all(o = {"x":1}, o > 0))"},
      {R"({"p":{"__type":"Pointer","className":"C","objectId":"x","$exists":true}})",
       R"(all(p = {"__type":"Pointer","className":"C","objectId":"x"}, p exists true))"},
      {R"({"d":{"__type":"Date","iso":"2020-01-01"}})", R"(d = {"__type":"Date","iso":"2020-01-01T00:00:00.000Z"})"},
      {R"({"d":{"$gt":{"__type":"Date","iso":"2020-01-01T02:00+02:00"}}})", R"(d > {"__type":"Date","iso":"2020-01-01T00:00:00.000Z"})"},
      {R"({"p":{"$in":[{"__type":"Object","className":"C","objectId":"x","name":"n"}]}})",
       R"(p in [{"__type":"Pointer","className":"C","objectId":"x"}])"},
      {R"({"$or":[{"a":1},{"b":2,"c":3}]})", "any(a = 1, all(b = 2, c = 3))"},
      {R"({"$and":[{"a":1},{"$or":[{"b":1}]}],"d":4})", "all(a = 1, any(b = 1), d = 4)"},
      {R"({"$nor":[{"a":1}]})", "none(a = 1)"},
      {R"({"$or":[{}]})", "any(all())"},
      {R"({"n":{"$all":[1,2]}})", "all(n = 1, n = 2)"},
      {R"({"n":{"$all":[]}})", "any()"},
      {R"({"n":{"$all":[{"$regex":"^\\Qa\\E"}]}})", R"(n like "^\\Qa\\E")"},
      {R"({"n":{"$containedBy":[1,[2]]}})", "n within [1,[2]]"},
      {R"({"p":{"$inQuery":{"className":"C","where":{"a":1},"limit":1}}})", "p in C[a = 1]"},
      {R"({"p":{"$dontSelect":{"query":{"className":"C"},"key":"k.l"},"$ne":1}})", "all(p not in C.k.l[all()], p != 1)"},
      {R"({"$relatedTo":{"object":{"__type":"Pointer","className":"C","objectId":"x"},"key":"k"}})", "related C x k"},
  }));
  CAPTURE(text);
  CHECK(read(text) == expected);
}

TEST_CASE("a bad where is refused") {
  const auto [text, code, message] = GENERATE(table<std::string, int, std::string>({
      {"[]", 107, "where parameter is not valid JSON"},
      {"5", 107, "where parameter is not valid JSON"},
      {"null", 107, "where parameter is not valid JSON"},
      {R"({"$x":1})", 105, "Invalid key name: $x"},
      {R"({"$comment":1})", 105, "Invalid key name: $comment"},
      {R"({"a-b":1})", 105, "Invalid key name: a-b"},
      {R"({"":1})", 105, "Invalid key name: "},
      {R"({"_hashed_password":"x"})", 105, "Invalid key name: _hashed_password"},
      {R"({"_session_token":"x"})", 105, "Invalid key name: _session_token"},
      {R"({"ACL":null})", 102, "Cannot query on ACL."},
      {R"({"$or":[{"ACL":{}}]})", 102, "Cannot query on ACL."},
      {R"({"n":{"$x":1}})", 107, "bad constraint: $x"},
      {R"({"n":{"$not":{"$gt":3}}})", 107, "bad constraint: $not"},
      {R"({"n":{"$inQuery":{"className":"C"}}})", 102, "improper usage of $inQuery"},
      {R"({"n":{"$select":{"query":{"className":"C"},"key":"a b"}}})", 102, "improper usage of $select"},
      {R"({"n":{"$all":1}})", 107, "bad $all value"},
      {R"({"n":{"$gt":{"$relativeTime":1}}})", 107, "bad $relativeTime value, should be a string"},
      {R"({"n":{"$":1}})", 107, "bad constraint: $"},
      {R"({"s":{"$options":"i"}})", 107, "bad constraint: $options"},
      {R"({"s":{"$regex":5}})", 102, "$regex value must be a string"},
      {R"({"s":{"$regex":"a","$options":"q"}})", 102, "Bad $options value for query: q"},
      {R"({"s":{"$regex":"a","$options":""}})", 102, "Bad $options value for query: "},
      {R"({"s":{"$regex":"a","$options":5}})", 102, "$options value must be a string"},
      {R"({"n":{"$in":5}})", 107, "bad $in value"},
      {R"({"n":{"$nin":{}}})", 107, "bad $nin value"},
      {R"({"n":{"$lt":{"a":1}}})", 107, "bad $lt value"},
      {R"({"n":{"$gte":[1]}})", 107, "bad $gte value"},
      {R"({"n":{"$gt":null}})", 107, "bad $gt value"},
      {R"({"n":{"$lte":true}})", 107, "bad $lte value"},
      {R"({"n":{"$gt":{"__type":"Date","iso":"foo"}}})", 111, "This is not a valid Date"},
      {R"({"p":{"__type":"Pointer"}})", 111, "This is not a valid Pointer"},
      {R"({"p":{"__type":"Object"}})", 111, "This is not a valid Object"},
      {R"({"n":{"$in":[{"__type":"Foo"}]}})", 111, "This is not a valid Foo"},
      {R"({"$or":[]})", 102, "Bad $or format - use an array of at least 1 value."},
      {R"({"$or":null})", 102, "Bad $or format - use an array of at least 1 value."},
      {R"({"$and":{}})", 102, "Bad $and format - use an array of at least 1 value."},
      {R"({"$nor":[]})", 102, "Bad $nor format - use an array of at least 1 value."},
      {R"({"$or":[5]})", 102, "Bad $or format - each value must be an object."},
      {R"({"$relatedTo":null})", 102, "improper usage of $relatedTo"},
      {R"({"$relatedTo":{}})", 102, "improper usage of $relatedTo"},
      {R"({"$relatedTo":{"object":5,"key":"k"}})", 102, "improper usage of $relatedTo"},
      {R"({"$relatedTo":{"object":{"__type":"Pointer","className":"C","objectId":"x"}}})", 102, "improper usage of $relatedTo"},
      {R"({"$relatedTo":{"object":{"__type":"Pointer","className":"C","objectId":"x"},"key":"a b"}})", 102, "improper usage of $relatedTo"},
  }));
  CAPTURE(text);
  const Json where = parse_json(text);
  CHECK(refusal_of([&] { parse_where(where); }) == std::pair(code, message));
}

TEST_CASE("the maintenance key may name internal fields, but not the password") {
  const WhereRules maintenance{true};
  CHECK(read(R"({"_session_token":"x"})", maintenance) == R"(_session_token = "x")");
  CHECK(refusal_of([&] { read(R"({"_hashed_password":"x"})", maintenance); }).first == 105);
  CHECK(refusal_of([&] { read(R"({"_foo":"x"})", maintenance); }).first == 105);
  CHECK(read(R"({"_rperm":"x"})", maintenance) == R"(_rperm = "x")");
  CHECK(refusal_of([&] { read(R"({"_rperm":"x"})", {}); }).first == 105);
}

std::string nested_or(std::size_t levels) {
  std::string text = R"({"a":1})";
  for (std::size_t i = 0; i < levels; ++i) text = R"({"$or":[)" + text + "]}";
  return text;
}

TEST_CASE("the depth and the size of a where are limited") {
  CHECK_NOTHROW(read(nested_or(kMaxWhereDepth)));
  CHECK(refusal_of([] { read(nested_or(kMaxWhereDepth + 1)); }).first == 102);

  const auto wide = [](std::size_t conditions) {
    std::string text = "{";
    for (std::size_t i = 0; i < conditions; ++i) text.append(i == 0 ? "" : ",").append("\"f" + std::to_string(i) + "\":1");
    return text + "}";
  };
  CHECK_NOTHROW(read(wide(kMaxWhereConstraints)));
  CHECK(refusal_of([&] { read(wide(kMaxWhereConstraints + 1)); }).first == 102);
  std::string empty_members = R"({"$or":[{})";
  for (std::size_t i = 0; i < kMaxWhereConstraints; ++i) empty_members += ",{}";
  CHECK(refusal_of([&] { read(empty_members + "]}"); }).first == 102);
}

TEST_CASE("a refusal does not repeat a long name") {
  const Json where = {{std::string(100000, '-'), 1}};
  const auto refusal = refusal_of([&] { parse_where(where); });
  CHECK(refusal.first == 105);
  CHECK(refusal.second.size() < 200);
}

}  // namespace
}  // namespace parsimony
