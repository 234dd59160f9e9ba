#include "query/regex.h"

#include <catch2/catch.hpp>

#include "support/refusal.h"

using namespace parsimony;

namespace {

const std::string kSlow(30, 'a');
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
  const std::string text = std::string(200'000, 'x') + "needle";
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
