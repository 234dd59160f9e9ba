#include "types/json_elements.h"

#include <catch2/catch.hpp>
#include <sstream>
#include <string>
#include <vector>

namespace parsimony {
namespace {

std::vector<std::string> elements_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> elements;
  for_each_json_element(in, [&](JsonElement& element) { elements.push_back(to_json_text(element.value)); });
  return elements;
}

// "line:column reason" of the text's first error.
std::string error_of(const std::string& text) {
  try {
    elements_of(text);
  } catch (const JsonSyntaxError& error) {
    return std::to_string(error.line()) + ":" + std::to_string(error.column()) + " " + error.what();
  }
  return "no error";
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("A list of objects is read in its three forms") {
  const Texts expected = {R"({"a":1})", R"({"a":[2,"}"]})"};
  CHECK(elements_of(R"([{"a":1},{"a":[2,"}"]}])") == expected);
  CHECK(elements_of("{\n\"results\" : [\n\n  {\"a\": 1},\n {\"a\":[2,\"}\"]}\n]\n}\n") == expected);
  CHECK(elements_of(R"({"count":2,"rows":[{"a":1},{"a":[2,"}"]}],"more":{"x":[]}})") == expected);
  CHECK(elements_of("\xEF\xBB\xBF[{\"a\":1},{\"a\":[2,\"}\"]}]") == expected);
  CHECK(elements_of("[]").empty());
  CHECK(elements_of(R"({"results":[]})").empty());
  CHECK(elements_of(R"([1,"a\"]",null])") == Texts{"1", R"("a\"]")", "null"});
}

TEST_CASE("An error in a list of objects has its place in the whole file") {
  CHECK(error_of("") == "1:1 the file is empty");
  CHECK(error_of("  \n ") == "2:2 the file is empty");
  CHECK(error_of("\"text\"").starts_with("1:1 expected a list of objects"));
  CHECK(error_of("{\"a\":1}").starts_with("1:1 the object has no list"));
  CHECK(error_of("[{\"a\":1},\n {\"b\":tru}]").starts_with("2:"));
  CHECK(error_of("[{\"a\":1},\n\n  {\"b\" 1}]").starts_with("3:8 "));
  CHECK(error_of("[{\"a\":1}\n{\"b\":1}]") == "2:1 expected ',' or ']' behind an object");
  CHECK(error_of("[{\"a\":1},]") == "1:10 expected a value");
  CHECK(error_of("[{\"a\":1}") == "1:9 expected ',' or ']' behind an object");
  CHECK(error_of("[{\"a\":1},").ends_with("the file ends within the list"));
  CHECK(error_of("[{\"a\":1}]x") == "1:10 unexpected text behind the end of the list");
  CHECK(error_of("{\"results\":[],\"rows\":[]}").ends_with("second list of objects"));
  CHECK(error_of("{\"results\":7}").ends_with("must be a list"));
  CHECK(error_of("[{\"a\":\"\xff\"}]").starts_with("1:"));
  CHECK(error_of(std::string("[{\"a\":1},\0]", 11)).starts_with("1:10 "));
  CHECK(error_of("[\n" + std::string(300, '[')).find("nested deeper than 256") != std::string::npos);
}

TEST_CASE("A file that is cut anywhere is refused") {
  const std::string text = R"({"results":[{"a":"\u00fc\\","b":[1,{"c":null}]},{"a":-1.5e3}],"n":12,"s":"]}"})";
  REQUIRE(elements_of(text).size() == 2);
  for (std::size_t length = 0; length < text.size(); ++length) {
    INFO(text.substr(0, length));
    CHECK(error_of(text.substr(0, length)) != "no error");
  }
}

TEST_CASE("A missing bracket is told where it is missed, not at the end of a long file") {
  std::string text = "[\n{\"a\":{\"b\":1},\n{\"a\":2},\n";
  for (int i = 0; i < 100'000; ++i) text += "{\"a\":\"" + std::string(250, 'x') + "\"},\n";
  text += "{}]";
  CHECK(error_of(text).starts_with("3:1 "));
}

TEST_CASE("An object may have 20 MB and no more") {
  const auto list_with_object_of = [](std::size_t bytes) { return "[\n{\"a\":\"" + std::string(bytes - 8, 'x') + "\"}, {}]"; };
  CHECK(elements_of(list_with_object_of(kMaxElementBytes)).size() == 2);
  CHECK(error_of(list_with_object_of(kMaxElementBytes + 1)) == "2:1 an object of more than 20 MB");
  CHECK(error_of(list_with_object_of(3 * kMaxElementBytes)) == "2:1 an object of more than 20 MB");
}

TEST_CASE("The place of a member is that of its value") {
  std::istringstream in("[{},\n  {\"x\": {\"price\": 1},\n   \"name\" : \"a\\\"b\",\n   \"price\":  17, \"last\":[ ] }]");
  std::vector<std::string> places;
  for_each_json_element(in, [&](JsonElement& element) {
    for (const char* name : {"x", "name", "price", "last", "none"}) {
      const JsonPlace place = element.place_of(name);
      places.push_back(std::to_string(place.line) + ":" + std::to_string(place.column));
    }
  });
  CHECK(places == Texts{"1:2", "1:2", "1:2", "1:2", "1:2", "2:9", "3:13", "4:14", "4:25", "2:3"});
}

TEST_CASE("Objects are read across the edges of what is read at once") {
  std::string text = "{\"results\":[";
  std::size_t total = 0;
  for (std::size_t i = 0; i < 3000; ++i) {
    text += (i == 0 ? "" : ",\n") + std::string("{\"i\":") + std::to_string(i) + ",\"t\":\"" + std::string(i % 997, 'y') + "\\\\\"}";
  }
  text += "]}";
  std::istringstream in(text);
  std::size_t line = 0;
  for_each_json_element(in, [&](JsonElement& element) {
    CHECK(element.value.at("i").get<std::size_t>() == total);
    CHECK(element.value.at("t").get<std::string>().size() == total % 997 + 1);
    ++total;
    line = element.place().line;
  });
  CHECK(total == 3000);
  CHECK(line == 3000);
}

}  // namespace parsimony
