#include "types/json.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <limits>

namespace parsimony {
namespace {

std::string rewritten(std::string_view text) { return to_json_text(parse_json(text)); }

std::string number_text(double value) {
  std::string text;
  append_json_number(text, value);
  return text;
}

std::string string_text(std::string_view value) {
  std::string text;
  append_json_string(text, value);
  return text;
}

TEST_CASE("a JSON text is read and written as JavaScript does it") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {R"(  {"b":1, "a":[true,false,null] } )", R"({"b":1,"a":[true,false,null]})"},
      {R"({"a":1,"b":2,"a":[3,{}]})", R"({"a":[3,{}],"b":2})"},
      {R"({"":0})", R"({"":0})"},
      {R"("\u00e9\ud83d\ude00\/")", "\"\u00e9\U0001F600/\""},
      {R"("\u0000\b\f\n\r\t\u001f\"\\")", R"("\u0000\b\f\n\r\t\u001f\"\\")"},
      {"-0", "0"},
      {"-0.0", "0"},
      {"1.0", "1"},
      {"1e2", "100"},
      {"9007199254740993", "9007199254740993"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"18446744073709551615", "18446744073709552000"},
      {"123456789012345678901234567890", "1.2345678901234568e+29"},
      {"[]", "[]"},
      {"{}", "{}"},
  }));
  CAPTURE(text);
  CHECK(rewritten(text) == expected);
}

TEST_CASE("an integer stays one, and a number beyond 64 bits signed becomes a double") {
  CHECK(parse_json("9223372036854775807").is_number_integer());
  CHECK_FALSE(parse_json("9223372036854775807").is_number_unsigned());
  CHECK(parse_json("9223372036854775808").is_number_float());
}

TEST_CASE("a text that is no JSON is refused with its place") {
  struct Case {
    std::string text;
    std::size_t line, column;
  };
  const auto c = GENERATE(values<Case>({
      {"", 1, 1},
      {" \n ", 2, 2},
      {"nul", 1, 4},
      {"{\n  \"a\": tru\n}", 2, 11},
      {"{\"a\" 1}", 1, 6},
      {"[1,]", 1, 4},
      {"[1", 1, 3},
      {"{} x", 1, 4},
      {"[1e400]", 1, 6},
      {"[\"\xff\"]", 1, 3},
      {std::string("{}\0{}", 5), 1, 3},
      {std::string("\"a\0\"", 4), 1, 3},
      {"'a'", 1, 1},
      {"NaN", 1, 1},
      {"01", 1, 2},
      {"[\"a\nb\"]", 1, 4},
  }));
  CAPTURE(c.text);
  try {
    parse_json(c.text);
    FAIL("was accepted");
  } catch (const JsonSyntaxError& error) {
    CHECK(error.line() == c.line);
    CHECK(error.column() == c.column);
    const std::string reason = error.what();
    CAPTURE(reason);
    CHECK_FALSE(reason.empty());
    CHECK(reason.find("json.exception") == std::string::npos);
    CHECK(reason.find("line") == std::string::npos);
  }
}

TEST_CASE("what is left of a character that was cut in two becomes U+FFFD") {
  const auto text_in = [](const std::string& json) { return parse_json(json).at(0).get<std::string>(); };
  CHECK(text_in(R"(["\ud800"])") == "\ufffd");
  CHECK(text_in(R"(["a\udc00b"])") == "a\ufffdb");
  CHECK(text_in(R"(["\ud83d\ud83d\ude00"])") == "\ufffd\U0001f600");
  CHECK(text_in(R"(["\\ud800 \ud800\\udc00"])") == "\\ud800 \ufffd\\udc00");
  CHECK(text_in(R"(["\u0000\ud800\n"])") == std::string("\0\ufffd\n", 5));
  CHECK_THROWS_AS(parse_json(R"(["\ud800)"), JsonSyntaxError);
  CHECK_THROWS_AS(parse_json(R"(["\ud800\u12"])"), JsonSyntaxError);
}

TEST_CASE("the reason of a syntax error stays short") {
  const std::string text = "\"" + std::string(100000, 'x');
  CHECK_THROWS_AS(parse_json(text), JsonSyntaxError);
  try {
    parse_json(text);
  } catch (const JsonSyntaxError& error) {
    CHECK(std::string(error.what()).size() < 300);
  }
}

TEST_CASE("nesting is limited") {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(rewritten(nested(kMaxJsonDepth)) == nested(kMaxJsonDepth));
  CHECK_THROWS_WITH(parse_json(nested(kMaxJsonDepth + 1)), "nested deeper than 256 levels");
  const std::string disguised = R"({"a[[[\"{":)" + nested(kMaxJsonDepth) + "}";
  try {
    parse_json(disguised);
    FAIL("was accepted");
  } catch (const JsonSyntaxError& error) {
    CHECK(error.column() == disguised.find(":") + 1 + kMaxJsonDepth);
  }
  CHECK_THROWS_AS(parse_json(std::string(10'000'000, '[')), JsonSyntaxError);
}

TEST_CASE("repeated names keep the first place and the last value, in small and large objects") {
  const std::size_t size = GENERATE(3, 17, 1000);
  std::string text = "{";
  for (int round = 0; round < 2; ++round)
    for (std::size_t i = 0; i < size; ++i) text += "\"k" + std::to_string(i) + "\":" + std::to_string(round) + ",";
  text += "\"end\":2}";
  const Json value = parse_json(text);
  REQUIRE(value.size() == size + 1);
  CHECK(value.begin().key() == "k0");
  CHECK(value.back() == 2);
  for (std::size_t i = 0; i < size; ++i) REQUIRE(*find_member(value, "k" + std::to_string(i)) == 1);
}

TEST_CASE("reading takes time linear in the text") {
  const auto wide = [](int members) {
    std::string text = "{";
    for (int i = 0; i < members; ++i) text += "\"k" + std::to_string(i) + "\":0,";
    return text + "\"end\":0}";
  };
  // Quadratic time would take minutes here.
  const auto start = std::chrono::steady_clock::now();
  CHECK(parse_json(wide(300'000)).size() == 300'001);
  // Members after a large first one at every level: growing objects by copying would copy the large one at each level.
  std::string text = wide(20'000);
  for (std::size_t level = 1; level < kMaxJsonDepth; ++level) text = R"({"a":)" + text + R"(,"b":0,"c":0,"d":0,"e":0})";
  CHECK(parse_json(text).size() == 5);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
}

TEST_CASE("numbers are written as JavaScript writes them") {
  const auto [value, expected] = GENERATE(table<double, std::string>({
      {0.0, "0"},
      {-0.0, "0"},
      {1.0, "1"},
      {-1.5, "-1.5"},
      {0.1, "0.1"},
      {0.000001, "0.000001"},
      {0.0000012345, "0.0000012345"},
      {1e-7, "1e-7"},
      {1.5e-10, "1.5e-10"},
      {123456789.125, "123456789.125"},
      {1e20, "100000000000000000000"},
      {123456789012345680000.0, "123456789012345680000"},
      {1e21, "1e+21"},
      {1.25e21, "1.25e+21"},
      {9007199254740993.0, "9007199254740992"},
      {922336666368547758.7, "922336666368547712"},
      {-922336666368547758.7, "-922336666368547712"},
      {9223372036854774784.0, "9223372036854774784"},
      {9223372036854775808.0, "9223372036854776000"},
      {5e-324, "5e-324"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
      {std::numeric_limits<double>::quiet_NaN(), "null"},
      {std::numeric_limits<double>::infinity(), "null"},
      {-std::numeric_limits<double>::infinity(), "null"},
  }));
  CHECK(number_text(value) == expected);
}

TEST_CASE("text that is no UTF-8 is written with replacement characters") {
  const std::string bad = "\xEF\xBF\xBD";
  const auto [text, expected] = GENERATE_COPY(table<std::string, std::string>({
      {"plain", "plain"},
      {"\u00e9\u20ac\U0001F600\u2028", "\u00e9\u20ac\U0001F600\u2028"},
      {"a\xff"
       "b",
       "a" + bad + "b"},
      {"\xC0\x80", bad + bad},
      {"\xED\xA0\x80", bad + bad + bad},
      {"\xF4\x90\x80\x80", bad + bad + bad + bad},
      {"\xE2\x82", bad + bad},
      {"\xE2\x82x", bad + bad + "x"},
      {"\x80", bad},
      {"\x7f", "\x7f"},
  }));
  CHECK(string_text(text) == "\"" + expected + "\"");
}

TEST_CASE("members are found by name") {
  const Json value = parse_json(R"({"a":1,"b":"x"})");
  REQUIRE(find_member(value, "a") != nullptr);
  CHECK(*find_member(value, "a") == 1);
  CHECK(find_member(value, "c") == nullptr);
  CHECK(find_member(parse_json("[1]"), "a") == nullptr);
  REQUIRE(find_string(value, "b") != nullptr);
  CHECK(*find_string(value, "b") == "x");
  CHECK(find_string(value, "a") == nullptr);
}

TEST_CASE("values are equal as Parse means it, and so are their keys") {
  const auto [a, b, expected] = GENERATE(table<std::string, std::string, bool>({
      {"1", "1.0", true},
      {"1", "2", false},
      {"0", "-0.0", true},
      {"9007199254740993", "9007199254740992.0", false},
      {"9223372036854775807", "9223372036854775808", false},
      {"0.5", "0.5", true},
      {"1", "true", false},
      {"1", "\"1\"", false},
      {"null", "false", false},
      {R"({"a":1,"b":[2]})", R"({"b":[2],"a":1.0})", true},
      {R"({"a":1})", R"({"a":1,"b":null})", false},
      {R"({"a":1})", R"({"b":1})", false},
      {"[1,2]", "[2,1]", false},
      {"[1,2]", "[1,2,3]", false},
      {"[[1],2]", "[1,[2]]", false},
      {"{}", "[]", false},
      {R"({"a":{"b":1}})", R"({"a":{},"b":1})", false},
      {R"({"__type":"Pointer","className":"C","objectId":"x"})", R"({"__type":"Object","className":"C","objectId":"x","name":"n"})", true},
      {R"({"__type":"Pointer","className":"C","objectId":"x"})", R"({"__type":"Pointer","className":"D","objectId":"x"})", false},
      {R"({"__type":"Pointer","className":"C","objectId":"x"})", R"({"className":"C","objectId":"x"})", false},
      {R"({"__type":"Pointer","className":"C"})", R"({"__type":"Pointer","className":"C"})", true},
      {R"(["C","x"])", R"({"__type":"Pointer","className":"C","objectId":"x"})", false},
  }));
  CAPTURE(a, b);
  const Json left = parse_json(a);
  const Json right = parse_json(b);
  CHECK(json_equal(left, right) == expected);
  CHECK(json_equal(right, left) == expected);
  CHECK((equality_key(left) == equality_key(right)) == expected);
}

TEST_CASE("large objects are equal regardless of the order of their members") {
  Json::object_t forward, backward;
  for (int i = 0; i < 100; ++i) forward.emplace_back("k" + std::to_string(i), i);
  for (int i = 99; i >= 0; --i) backward.emplace_back("k" + std::to_string(i), i);
  CHECK(json_equal(forward, backward));
  CHECK(equality_key(forward) == equality_key(backward));
  backward.front().second = -1;
  CHECK_FALSE(json_equal(forward, backward));
}

}  // namespace
}  // namespace parsimony
