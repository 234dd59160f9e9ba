#include "query/pipeline_parser.h"

#include <catch2/catch.hpp>

#include "support/refusal.h"
#include "unit/query/filter_text.h"

namespace parsimony {
namespace {

Pipeline read(const std::string& text) { return parse_pipeline(parse_json(text)); }

TEST_CASE("stages are read in order, from a list or from the members of an object") {
  for (const char* text : {R"([{"$match":{"n":1}},{"$skip":2},{"$limit":3}])", R"({"$match":{"n":1},"$skip":2,"$limit":3})"}) {
    const Pipeline pipeline = read(text);
    REQUIRE(pipeline.stages.size() == 3);
    CHECK(to_text(std::get<MatchStage>(pipeline.stages[0]).where) == "n = 1");
    CHECK(std::get<SkipStage>(pipeline.stages[1]).rows == 2);
    CHECK(std::get<LimitStage>(pipeline.stages[2]).rows == 3);
  }
}

TEST_CASE("conditions may use the words of MongoDB") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {R"({"_id":"x"})", R"(objectId = "x")"},
      {R"({"_created_at":{"$gt":{"$date":"2020-01-01"}}})", R"(createdAt > {"__type":"Date","iso":"2020-01-01T00:00:00.000Z"})"},
      {R"({"d":{"$lt":{"$date":0}}})", R"(d < {"__type":"Date","iso":"1970-01-01T00:00:00.000Z"})"},
      {R"({"_p_owner":"_User$abc"})", R"(owner = {"__type":"Pointer","className":"_User","objectId":"abc"})"},
      {R"({"_p_owner":{"$in":["A$x","A$y"]}})",
       R"(owner in [{"__type":"Pointer","className":"A","objectId":"x"},{"__type":"Pointer","className":"A","objectId":"y"}])"},
      {R"({"$or":[{"_id":"x"},{"s":"a$b"}]})", R"(any(objectId = "x", s = "a$b"))"},
  }));
  INFO(text);
  const Pipeline pipeline = read(R"([{"$match":)" + text + "}]");
  CHECK(to_text(std::get<MatchStage>(pipeline.stages.at(0)).where) == expected);
}

TEST_CASE("a projection keeps or drops") {
  const auto kept = read(R"([{"$project":{"a":1,"b.c":true,"d":"$e","_id":0}}])");
  const auto& project = std::get<ProjectStage>(kept.stages.at(0));
  CHECK_FALSE(project.with_id);
  REQUIRE(project.kept.size() == 2);
  CHECK(project.kept[1].text() == "b.c");
  REQUIRE(project.computed.size() == 1);
  CHECK(project.computed[0].value.path.text() == "e");

  const auto dropped = read(R"([{"$project":{"a":0,"_id":0}}])");
  CHECK(std::get<UnsetStage>(dropped.stages.at(0)).dropped.size() == 2);
}

TEST_CASE("pipelines that say nothing are refused") {
  const auto [text, code] = GENERATE(table<std::string, int>({
      {"5", 102},
      {R"("x")", 102},
      {"[null]", 102},
      {"[{}]", 102},
      {R"([{"$match":{},"$limit":1}])", 102},
      {R"([{"match":{}}])", 102},
      {R"([{"$nothing":{}}])", 102},
      {R"([{"$match":5}])", 102},
      {R"([{"$match":{"$where":"x"}}])", 105},
      {R"([{"$match":{"d":{"$gt":{"$date":"never"}}}}])", 107},
      {R"([{"$group":5}])", 102},
      {R"([{"$group":{}}])", 102},
      {R"([{"$group":{"_id":null,"objectId":1}}])", 102},
      {R"([{"$group":{"_id":null,"a":1}}])", 102},
      {R"([{"$group":{"_id":null,"a":{"$sum":1,"$avg":1}}}])", 102},
      {R"([{"$group":{"_id":null,"a.b":{"$sum":1}}}])", 105},
      {R"([{"$group":{"_id":"$a\""}}])", 105},
      {R"([{"$group":{"_id":"$"}}])", 105},
      {R"([{"$group":{"_id":"$a..b"}}])", 105},
      {R"([{"$group":{"_id":"$$nothing"}}])", 102},
      {R"([{"$project":{}}])", 102},
      {R"([{"$project":{"a":1,"b":0}}])", 102},
      {R"([{"$project":{"a":{"$divide":[1]}}}])", 102},
      {R"([{"$project":{"a":{"$add":[1],"$abs":1}}}])", 102},
      {R"([{"$project":{"a":{"$cond":{"if":1,"then":2}}}}])", 102},
      {R"([{"$project":{"a":{"$year":{"date":"$d","timezone":"Europe/Paris"}}}}])", 102},
      {R"([{"$project":{"a":{"__type":"Pointer"}}}])", 111},
      {R"([{"$sort":{}}])", 102},
      {R"([{"$sort":{"a":2}}])", 102},
      {R"([{"$limit":0}])", 102},
      {R"([{"$limit":1.5}])", 102},
      {R"([{"$skip":-1}])", 102},
      {R"([{"$skip":1e300}])", 102},
      {R"([{"$count":""}])", 105},
      {R"([{"$count":5}])", 102},
      {R"([{"$unwind":"a"}])", 102},
      {R"([{"$unwind":{}}])", 102},
      {R"([{"$lookup":{"from":"A","localField":"a","foreignField":"b"}}])", 102},
      {R"([{"$lookup":{"from":"A","let":{},"pipeline":[],"as":"x"}}])", 102},
      {R"([{"$sample":{}}])", 102},
  }));
  INFO(text);
  CHECK(refusal_of([words = text] { read(words); }).first == code);
}

TEST_CASE("a pipeline has an end") {
  std::string stages = R"({"$skip":0})";
  for (std::size_t i = 1; i < kMaxStages; ++i) stages += R"(,{"$skip":0})";
  CHECK(read("[" + stages + "]").stages.size() == kMaxStages);
  CHECK_THROWS_AS(read("[" + stages + R"(,{"$skip":0}])"), Error);

  std::string deep = "1";
  for (std::size_t i = 0; i <= kMaxExpressionDepth; ++i) deep = R"({"$abs":)" + deep + "}";
  CHECK_THROWS_AS(read(R"([{"$set":{"a":)" + deep + "}}]"), Error);

  std::string wide = "1";
  for (std::size_t i = 0; i <= kMaxExpressionNodes; ++i) wide += ",1";
  CHECK_THROWS_AS(read(R"([{"$set":{"a":[)" + wide + "]}}]"), Error);
}

TEST_CASE("the parameters of a call") {
  const auto options =
      parse_aggregate(parse_json(R"({"$match":{"a":1},"$limit":2,"hint":"x","comment":"y","explain":true,"rawValues":true})"));
  CHECK(options.pipeline.stages.size() == 2);
  CHECK(options.explain);
  CHECK(options.raw.values);
  CHECK_FALSE(options.raw.field_names);
  CHECK_FALSE(options.is_distinct);
  CHECK(parse_aggregate(parse_json(R"({"distinct":"a","where":"{\"b\":1}"})")).is_distinct);
  CHECK(parse_aggregate(Json::object()).pipeline.stages.empty());
}

TEST_CASE("what a call does not say about raw answers is said for it") {
  const RawAnswers raw{true, true};
  CHECK(parse_aggregate(Json::object(), raw).raw.values);
  CHECK(parse_aggregate(Json::object(), raw).raw.field_names);
  const auto options = parse_aggregate(parse_json(R"({"rawValues":false,"rawFieldNames":null})"), raw);
  CHECK_FALSE(options.raw.values);
  CHECK(options.raw.field_names);
}

}  // namespace
}  // namespace parsimony
