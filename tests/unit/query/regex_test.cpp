#include "query/regex.h"

#include <catch2/catch.hpp>

#include "support/refusal.h"

using namespace parsimony;

namespace {

const std::string kSlow(30, 'a');
std::string repeated(char c, std::size_t times) { return std::string(times, c); }
Regex catastrophic() { return Regex("^(a+)+$", ""); }

}  // namespace

TEST_CASE("an ordinary match costs nothing, however often it is tried") {
  const RegexBudget budget;
  const Regex regex("b.*d$", "");
  for (int i = 0; i < 10'000; ++i) {
    CHECK(regex.matches("abcd"));
    CHECK_FALSE(regex.matches("abce"));
  }
}

TEST_CASE("a match over a long text is done within the budget") {
  const std::string text = repeated('x', 200'000).append("needle");
  CHECK(Regex("needle$", "").matches(text));
  CHECK(Regex("x+needle", "").matches(text));
}

TEST_CASE("a catastrophic pattern is refused") {
  CHECK(refusal_of([] { catastrophic().matches(kSlow + "!"); }) ==
        std::pair(102, std::string("The regular expression takes too long to match")));
}

TEST_CASE("many matches, each of them slow, are refused together") {
  const std::string text = std::string(13, 'a') + "!";  // some thousand steps
  const auto match_often = [&] {
    const Regex regex = catastrophic();
    for (int i = 0; i < 10'000; ++i) regex.matches(text);
  };
  match_often();
  const RegexBudget budget;
  CHECK(refusal_of(match_often).first == 102);
  {
    const RegexBudget inner;
    CHECK_FALSE(catastrophic().matches(text));
  }
  CHECK(refusal_of([&] { catastrophic().matches(text); }).first == 102);
}

TEST_CASE("steps are counted over all places where a match may begin") {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "aaaaaaa!";
  CHECK(refusal_of([&] { Regex("(a+)+$", "").matches(text); }).first == 102);
}

TEST_CASE("what a pattern passes over in one step is counted, too") {
  const std::string text = repeated('x', 100'000).append("needle").append(100'000, 'x');
  CHECK(refusal_of([&] { Regex("x*?[^n]*+e", "").matches(text); }).first == 102);
}

TEST_CASE("a long list of words is matched against many texts") {
  std::string words = "word0";
  for (int i = 1; i < 100; ++i) words += "|word" + std::to_string(i);
  const RegexBudget budget;
  const Regex regex("^.*(" + words + ")$", "i");
  for (int i = 0; i < 5'000; ++i) CHECK(regex.matches("a text with Word99") == true);
}
