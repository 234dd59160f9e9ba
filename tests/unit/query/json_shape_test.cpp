#include "query/json_shape.h"

#include <catch2/catch.hpp>

#include "types/date.h"

namespace parsimony {
namespace {

TEST_CASE("keys of order sort as values do") {
  const char* ascending[] = {"null",
                             "-1e300",
                             "-2",
                             "-0.5",
                             "0",
                             "0.5",
                             "2",
                             "10",
                             "1e300",
                             R"("")",
                             R"("\u0000")",
                             R"("A")",
                             R"("a")",
                             R"("a\u0000")",
                             R"("aa")",
                             R"("b")",
                             "{}",
                             R"({"a":1})",
                             R"({"a":2})",
                             R"({"a":2,"b":0})",
                             "[]",
                             "[1]",
                             "[1,2]",
                             "[2]",
                             "false",
                             "true",
                             R"({"__type":"Date","iso":"2020-01-01T00:00:00.000Z"})",
                             R"({"__type":"Date","iso":"2020-01-01T00:00:00.001Z"})"};
  for (std::size_t i = 1; i < std::size(ascending); ++i) {
    INFO(ascending[i - 1] << " and " << ascending[i]);
    CHECK(order_key(parse_json(ascending[i - 1])) < order_key(parse_json(ascending[i])));
  }
  CHECK(order_key(parse_json("1")) == order_key(parse_json("1.0")));
  CHECK(order_key(parse_json("-0.0")) == order_key(parse_json("0")));
}

TEST_CASE("ways lead through lists") {
  const Json value = parse_json(R"({"a":[{"b":1},{"c":2},5,{"b":[3]}],"o":{"x":null}})");
  CHECK(values_at(value, {"a", "b"}) == parse_json("[1,[3]]"));
  CHECK(values_at(value, {"o", "x"}).is_null());
  CHECK(values_at(value, {"o", "x", "y"}).is_null());
  CHECK(values_at(value, {"none"}).is_null());
  CHECK(picked(value, {{"a", "b"}, {"o"}}) == parse_json(R"({"a":[{"b":1},{},{"b":[3]}],"o":{"x":null}})"));
  Json less = value;
  drop_at(less, {"a", "b"});
  drop_at(less, {"o", "none"});
  CHECK(less == parse_json(R"({"a":[{},{"c":2},5,{}],"o":{"x":null}})"));
  Json more = 5;
  place_at(more, {"a", "b"}, 1);
  CHECK(more == parse_json(R"({"a":{"b":1}})"));
}

TEST_CASE("values meet when one is the other or in it") {
  CHECK(values_meet(1, 1.0));
  CHECK(values_meet(nullptr, nullptr));
  CHECK(values_meet(1, parse_json("[1,2]")));
  CHECK(values_meet(parse_json("[1,2]"), parse_json("[2,3]")));
  CHECK_FALSE(values_meet(parse_json("[1,2]"), parse_json("[3]")));
  CHECK_FALSE(values_meet(1, "1"));
}

TEST_CASE("parts of a date") {
  const auto [iso, part, expected] = GENERATE(table<std::string, std::string, int>({
      {"2020-02-29T23:59:58.007Z", "year", 2020},       {"2020-02-29T23:59:58.007Z", "month", 2},
      {"2020-02-29T23:59:58.007Z", "dayOfMonth", 29},   {"2020-02-29T23:59:58.007Z", "dayOfYear", 60},
      {"2020-02-29T23:59:58.007Z", "hour", 23},         {"2020-02-29T23:59:58.007Z", "minute", 59},
      {"2020-02-29T23:59:58.007Z", "second", 58},       {"2020-02-29T23:59:58.007Z", "millisecond", 7},
      {"2020-02-29T23:59:58.007Z", "dayOfWeek", 7},     {"2020-03-01T00:00:00.000Z", "dayOfWeek", 1},
      {"2020-03-01T00:00:00.000Z", "isoDayOfWeek", 7},  {"2016-01-01T00:00:00.000Z", "week", 0},
      {"2016-01-01T00:00:00.000Z", "isoWeek", 53},      {"2016-01-01T00:00:00.000Z", "isoWeekYear", 2015},
      {"2018-12-31T00:00:00.000Z", "isoWeek", 1},       {"2018-12-31T00:00:00.000Z", "isoWeekYear", 2019},
      {"1969-12-31T23:59:59.999Z", "millisecond", 999}, {"1969-12-31T23:59:59.999Z", "year", 1969},
      {"0000-01-01T00:00:00.000Z", "year", 0},
  }));
  INFO(iso << " " << part);
  CHECK(date_part(part, parse_iso_date(iso).value()) == expected);
}

TEST_CASE("dates by a format") {
  const std::int64_t time_ms = parse_iso_date("2020-02-03T04:05:06.007Z").value();
  CHECK(formatted_date("%Y-%m-%dT%H:%M:%S.%LZ", time_ms) == "2020-02-03T04:05:06.007Z");
  CHECK(formatted_date("100%% %q %", time_ms) == "100% %q %");
  CHECK_FALSE(date_part("century", time_ms));
}

TEST_CASE("numbers that are none are nothing") {
  CHECK(calculated("mod", -7, 4) == -3);
  CHECK_FALSE(calculated("mod", 1, 0));
  CHECK_FALSE(calculated("sqrt", -1, 0));
  CHECK_FALSE(calculated("pow", 10, 1000));
  CHECK(calculated("round", 2.5, 0) == 2);
  CHECK(calculated("round", 1234, -2) == 1200);
  CHECK(calculated("trunc", -2.789, 2) == -2.78);
  CHECK_FALSE(calculated("none", 1, 1));
}

}  // namespace
}  // namespace parsimony
