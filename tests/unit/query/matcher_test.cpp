// Filters evaluated on objects in memory.
#include "query/matcher.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cctype>

#include "common/error.h"
#include "unit/shared/filter_cases.h"

namespace parsimony {
namespace {

Filter where(const std::string& json) { return parse_where(parse_json(json)); }

ClassSchema class_with(const std::vector<Field>& own) {
  std::vector<Field> fields = base_fields();
  fields.insert(fields.end(), own.begin(), own.end());
  return ClassSchema("C", fields);
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c))) {
      words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else {
      words.emplace_back();
    }
  }
  std::erase(words, std::string());
  return words;
}

// Whether the text of an object holds one of the words of a $text.
bool holds_word(const Filter& part, const Json& object) {
  const auto& constraint = std::get<Constraint>(part.node);
  REQUIRE(constraint.comparison == Comparison::Text);
  const std::string* text = find_string(object, constraint.path.field);
  if (!text) return false;
  const auto held = words_of(*text), asked = words_of(constraint.operand.at("term").get<std::string>());
  return std::find_first_of(held.begin(), held.end(), asked.begin(), asked.end()) != held.end();
}

TEST_CASE("the matcher finds what each case expects") {
  std::size_t count = 0;
  for (const FilterCases& group : all_filter_cases()) {
    const ClassSchema of = class_with(group.fields);
    for (const FilterCase& each : group.cases) {
      INFO(group.about << ": " << each.text);
      const Matcher matcher(each.filter, holds_word);
      std::string found;
      for (const auto& [id, own] : group.objects.items()) {
        if (matcher.matches(whole_object(id, own), of)) found.append(found.empty() ? "" : " ").append(id);
      }
      CHECK(found == each.ids);
      ++count;
    }
  }
  CHECK(count > 500);
}

TEST_CASE("an object that holds what its class does not know has it unset") {
  const ClassSchema of = class_with({});
  CHECK(Matcher(where(R"({"z":null})")).matches({{"objectId", "1"}, {"z", 1}}, of));
  CHECK_FALSE(Matcher(where(R"({"z":1})")).matches({{"objectId", "1"}, {"z", 1}}, of));
}

TEST_CASE("what an object alone does not tell is asked elsewhere, or refused") {
  const ClassSchema of =
      class_with({field_from_text("r", "Relation<Other>"), field_from_text("s", "String"), field_from_text("n", "Number")});
  const Json object = {{"objectId", "1"}, {"s", "a"}, {"r", encode_relation("Other")}};
  for (const char* text : {
           R"({"$relatedTo":{"object":{"__type":"Pointer","className":"Other","objectId":"o1"},"key":"holds"}})",
           R"({"s":{"$inQuery":{"className":"Other","where":{}}}})",
           R"({"s":{"$notInQuery":{"className":"Other","where":{}}}})",
           R"({"s":{"$select":{"query":{"className":"Other","where":{}},"key":"k"}}})",
           R"({"s":{"$dontSelect":{"query":{"className":"Other","where":{}},"key":"k"}}})",
           R"({"s":{"$text":{"$search":{"$term":"a"}}}})",
           R"({"r":{"__type":"Pointer","className":"Other","objectId":"o1"}})",
           R"({"r":{"$ne":{"__type":"Pointer","className":"Other","objectId":"o1"}}})",
           R"({"r":{"$in":[]}})",
           R"({"r":{"$nin":[]}})",
       }) {
    INFO(text);
    const Matcher alone(where(text));
    CHECK_THROWS_AS(alone.require_decidable(of), Error);
    CHECK_THROWS_AS(alone.matches(object, of), Error);
    // The part is asked for as it stands; the groups around it are the matcher's.
    for (const bool answer : {true, false}) {
      int asked = 0;
      const auto elsewhere = [&](const Filter& part, const Json& about) {
        CHECK_FALSE(std::holds_alternative<NoneOf>(part.node));
        CHECK(about == object);
        ++asked;
        return answer;
      };
      const Matcher plain(where(text), elsewhere), negated(Filter{NoneOf{{where(text)}}}, elsewhere);
      CHECK_NOTHROW(plain.require_decidable(of));
      CHECK(plain.matches(object, of) == answer);
      CHECK(negated.matches(object, of) != answer);
      CHECK(asked == 2);
    }
  }
  // Deep within groups, too, and where an earlier part decides.
  const Matcher hidden(where(R"({"n":5,"$or":[{"n":1},{"$nor":[{"r":"o1"}]}]})"));
  CHECK_THROWS_AS(hidden.require_decidable(of), Error);
  CHECK_FALSE(hidden.matches(object, of));
}

TEST_CASE("a relation field is always there") {
  const ClassSchema of = class_with({field_from_text("r", "Relation<Other>")});
  const Json object = {{"objectId", "1"}};
  const auto matches = [&](const char* text) { return Matcher(where(text)).matches(object, of); };
  CHECK(matches(R"({"r":{"$exists":true}})"));
  CHECK_FALSE(matches(R"({"r":{"$exists":false}})"));
  CHECK_FALSE(matches(R"({"r":{"$gt":"a"}})"));
  CHECK(matches(R"({"r.x":null})"));
}

TEST_CASE("$relativeTime is for Date fields alone") {
  const ClassSchema of = class_with({field_from_text("d", "Date"), field_from_text("n", "Number")});
  const Matcher date(where(R"({"d":{"$lt":{"$relativeTime":"now"}}})")), number(where(R"({"n":{"$lt":{"$relativeTime":"now"}}})"));
  CHECK_NOTHROW(date.require_decidable(of));
  CHECK_THROWS_AS(number.require_decidable(of), Error);
  CHECK_THROWS_AS(number.matches({{"n", 1}}, of), Error);
  CHECK_NOTHROW(number.require_decidable(class_with({})));
}

TEST_CASE("a bad regular expression is refused when the matcher is made, and one that tries for ever when it is asked") {
  const ClassSchema of = class_with({field_from_text("s", "String")});
  CHECK_THROWS_AS(Matcher(where(R"({"z":{"$regex":"("}})")), Error);
  CHECK_THROWS_AS(Matcher(where(R"({"$nor":[{"s":{"$regex":"[z-a]"}}]})")), Error);
  const Matcher slow(where(R"({"s":{"$regex":"^(a+)+$"}})"));
  CHECK_THROWS_AS(slow.matches({{"s", std::string(60, 'a') + "b"}}, of), Error);
  CHECK(slow.matches({{"s", "aaa"}}, of));
}

TEST_CASE("the regular expressions of two matchers share nothing") {
  const ClassSchema of = class_with({field_from_text("s", "String")});
  const Matcher first(where(R"({"$or":[{"s":{"$regex":"^a"}},{"s":{"$regex":"z$"}}]})")), second(where(R"({"s":{"$regex":"^b"}})"));
  for (const auto& [text, in_first, in_second] :
       {std::tuple("a", true, false), {"b", false, true}, {"bz", true, true}, {"c", false, false}}) {
    INFO(text);
    CHECK(first.matches({{"s", text}}, of) == in_first);
    CHECK(second.matches({{"s", text}}, of) == in_second);
  }
}

}  // namespace
}  // namespace parsimony
