#include "query/find_options.h"

#include <catch2/catch.hpp>
#include <limits>

#include "support/refusal.h"
#include "unit/query/filter_text.h"

namespace parsimony {
namespace {

FindOptions read(const std::string& parameters) { return parse_find_options(parse_json(parameters), false); }

std::string to_text(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text.append(text.empty() ? "" : " ").append(name);
  return text;
}

// "a[keys -excluded](child)"
std::string to_text(const IncludeTree& tree) {
  std::string text;
  for (const auto& [name, child] : tree.children) {
    text.append(text.empty() ? "" : " ").append(name);
    if (child.selection.keys) text.append("[").append(to_text(*child.selection.keys)).append("]");
    if (!child.selection.excluded.empty()) text.append("-[").append(to_text(child.selection.excluded)).append("]");
    if (!child.empty()) text.append("(").append(to_text(child)).append(")");
  }
  return text;
}

TEST_CASE("nothing asked gives the defaults") {
  const FindOptions options = read("{}");
  CHECK(options.where.matches_all());
  CHECK_FALSE(options.limit.has_value());
  CHECK(options.skip == 0);
  CHECK_FALSE(options.count);
  CHECK(options.order.empty());
  CHECK(options.selection.shows_everything());
  CHECK(options.include.empty());
  CHECK_FALSE(options.include_all);
}

TEST_CASE("a where is an object or its text") {
  CHECK(to_text(read(R"({"where":{"a":1}})").where) == "a = 1");
  CHECK(to_text(read(R"({"where":"{\"a\":1}"})").where) == "a = 1");
  CHECK(read(R"({"where":null})").where.matches_all());
  CHECK(to_text(parse_find_options(parse_json(R"({"where":{"_tombstone":1}})"), true).where) == "_tombstone = 1");
}

TEST_CASE("numbers are typed or text") {
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  const auto [value, expected] = GENERATE_COPY(table<std::string, std::int64_t>({
      {"0", 0},
      {"5", 5},
      {R"("5")", 5},
      {R"(" 5 ")", 5},
      {"1.9", 1},
      {R"("1e2")", 100},
      {"99999999999999999999", kMax},
      {R"("99999999999999999999")", kMax},
      {"1e300", kMax},
  }));
  CAPTURE(value);
  CHECK(read(R"({"limit":)" + value + "}").limit == expected);
  CHECK(read(R"({"skip":)" + value + "}").skip == expected);
}

TEST_CASE("an empty or null limit is none") {
  CHECK_FALSE(read(R"({"limit":""})").limit.has_value());
  CHECK_FALSE(read(R"({"limit":null})").limit.has_value());
}

TEST_CASE("a flag is set by what JavaScript takes for true") {
  const auto [value, expected] = GENERATE(table<std::string, bool>({
      {"1", true},
      {"true", true},
      {R"("1")", true},
      {R"("true")", true},
      {R"("yes")", true},
      {"0", false},
      {"false", false},
      {R"("0")", false},
      {R"("false")", false},
      {R"("")", false},
      {R"("null")", false},
      {"null", false},
  }));
  CAPTURE(value);
  CHECK(read(R"({"count":)" + value + "}").count == expected);
  CHECK(read(R"({"includeAll":)" + value + "}").include_all == expected);
}

TEST_CASE("an order is a comma list or an array") {
  const std::string order = GENERATE(as<std::string>(), R"(" n , -o.x,,")", R"(["n","-o.x"])", R"("[\"n\",\"-o.x\"]")");
  CAPTURE(order);
  const FindOptions options = read(R"({"order":)" + order + "}");
  REQUIRE(options.order.size() == 2);
  CHECK(options.order[0].path.text() == "n");
  CHECK_FALSE(options.order[0].descending);
  CHECK(options.order[1].path.text() == "o.x");
  CHECK(options.order[1].descending);
}

TEST_CASE("keys select fields and follow pointers") {
  const FindOptions options = read(R"({"keys":"a, b.c,b.d.e,a"})");
  REQUIRE(options.selection.keys.has_value());
  CHECK(*options.selection.keys == std::vector<std::string>{"a", "b"});
  CHECK(to_text(options.include) == "b[c d](d[e])");
  CHECK(options.selection.shows("a"));
  CHECK_FALSE(options.selection.shows("c"));
  CHECK(options.selection.shows("objectId"));
  CHECK(options.selection.shows("ACL"));
  CHECK(read(R"({"keys":["a","b"]})").selection.keys->size() == 2);
  CHECK(read(R"({"keys":""})").selection.keys->empty());
}

TEST_CASE("excluded keys are dropped at every level") {
  const FindOptions options = read(R"({"excludeKeys":"a,objectId,p.x","include":"p,q"})");
  CHECK_FALSE(options.selection.shows("a"));
  CHECK(options.selection.shows("b"));
  CHECK(options.selection.shows("objectId"));
  CHECK(options.selection.shows("p"));
  CHECK(to_text(options.include) == "p-[x] q");
  CHECK_FALSE(read(R"({"keys":"a,b","excludeKeys":"a"})").selection.shows("a"));
  CHECK(to_text(read(R"({"keys":"a","excludeKeys":"p.x"})").include).empty());
}

TEST_CASE("includes form a tree") {
  CHECK(to_text(read(R"({"include":"a.b,a.c,d, a , e..f."})").include) == "a(b c) d e(f)");
  CHECK(read(R"({"include":"*"})").include_all);
  CHECK(read(R"({"include":"*"})").include.empty());
  CHECK(read(R"({"include":["a","*"]})").include_all);
}

TEST_CASE("what a find does not use is ignored") {
  CHECK_NOTHROW(read(R"({"hint":"x","comment":5,"readPreference":"PRIMARY","includeReadPreference":"x","subqueryReadPreference":{}})"));
}

TEST_CASE("bad parameters are refused") {
  const auto [parameters, code, message] = GENERATE(table<std::string, int, std::string>({
      {R"({"foo":1})", 102, "Invalid parameter for query: foo"},
      {R"({"foo":null})", 102, "Invalid parameter for query: foo"},
      {R"({"where":"{"})", 107, "where parameter is not valid JSON"},
      {R"({"where":""})", 107, "where parameter is not valid JSON"},
      {R"({"where":"5"})", 107, "where parameter is not valid JSON"},
      {R"({"where":"null"})", 107, "where parameter is not valid JSON"},
      {R"({"where":[]})", 107, "where parameter is not valid JSON"},
      {R"({"where":{"$x":1}})", 105, "Invalid key name: $x"},
      {R"({"limit":-1})", 102, "Invalid value for parameter: limit"},
      {R"({"limit":"x"})", 102, "Invalid value for parameter: limit"},
      {R"({"limit":[]})", 102, "Invalid value for parameter: limit"},
      {R"({"limit":true})", 102, "Invalid value for parameter: limit"},
      {R"({"limit":"1e999"})", 102, "Invalid value for parameter: limit"},
      {R"({"skip":"-5"})", 102, "Invalid value for parameter: skip"},
      {R"({"skip":-0.5})", 102, "Invalid value for parameter: skip"},
      {R"({"order":"a-b"})", 105, "Invalid field name: a-b."},
      {R"({"order":"-"})", 105, "Invalid field name: ."},
      {R"({"order":"--a"})", 105, "Invalid field name: -a."},
      {R"({"order":"_rperm"})", 105, "Invalid field name: _rperm."},
      {R"({"order":5})", 102, "Invalid value for parameter: order"},
      {R"({"order":[5]})", 102, "Invalid value for parameter: order"},
      {R"({"keys":{}})", 102, "Invalid value for parameter: keys"},
      {R"({"include":true})", 102, "Invalid value for parameter: include"},
  }));
  CAPTURE(parameters);
  CHECK(refusal_of([&, text = parameters] { read(text); }) == std::pair(code, message));
}

std::string repeated(const std::string& part, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += part;
  return text;
}

TEST_CASE("sizes are limited") {
  CHECK_NOTHROW(read(R"({"order":")" + repeated("a,", kMaxSortKeys) + "\"}"));
  CHECK(refusal_of([] { read(R"({"order":")" + repeated("a,", kMaxSortKeys + 1) + "\"}"); }).first == 102);
  CHECK_NOTHROW(read(R"({"include":")" + repeated("a,", kMaxIncludePaths) + "\"}"));
  CHECK(refusal_of([] { read(R"({"include":")" + repeated("a,", kMaxIncludePaths + 1) + "\"}"); }).first == 102);
  CHECK_NOTHROW(read(R"({"include":")" + repeated("a.", kMaxIncludeDepth) + "\"}"));
  CHECK(refusal_of([] { read(R"({"include":")" + repeated("a.", kMaxIncludeDepth + 1) + "\"}"); }).first == 102);
  CHECK(refusal_of([] { read(R"({"keys":")" + repeated("a.b,", kMaxIncludePaths + 1) + "\"}"); }).first == 102);
  CHECK(refusal_of([] { read(R"({"keys":")" + repeated("a,", 100'000) + "\"}"); }).first == 102);
}

TEST_CASE("a get knows fewer parameters") {
  const FindOptions options = parse_get_options(parse_json(R"({"keys":"a","include":"p","excludeKeys":"b","readPreference":"x"})"));
  CHECK(options.selection.shows("a"));
  CHECK(to_text(options.include) == "p");
  const std::string bad = GENERATE(as<std::string>(), R"({"where":{}})", R"({"limit":1})", R"({"includeAll":true})", R"({"foo":null})");
  CAPTURE(bad);
  CHECK(refusal_of([&] { parse_get_options(parse_json(bad)); }) == std::pair<int, std::string>(102, "Improper encode of parameter"));
}

}  // namespace
}  // namespace parsimony
