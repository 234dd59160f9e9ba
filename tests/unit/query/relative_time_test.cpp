#include "query/relative_time.h"

#include <catch2/catch.hpp>

using namespace parsimony;

namespace {

constexpr std::int64_t kNow = 1'000'000'000'000;

}  // namespace

TEST_CASE("a relative time is seconds before or after now") {
  const auto [text, seconds] = GENERATE(table<std::string, std::int64_t>({
      {"now", 0},
      {" NOW ", 0},
      {"in 1 second", 1},
      {"in 2 secs 3 min", 182},
      {"1 hr ago", -3600},
      {"1 year 2 weeks 3 d 4 hours 5 minutes 6 sec ago", -(31'536'000 + 1'209'600 + 259'200 + 14'400 + 300 + 6)},
      {"in  -1   day", -86'400},
      {"ago", 0},
      {"in 99999999999 years", 99'969'120'000},
  }));
  CAPTURE(text);
  CHECK(std::get<std::int64_t>(parse_relative_time(text, kNow)) == kNow + seconds * 1000);
}

TEST_CASE("what is no relative time is told in Parse Server's words") {
  const auto [text, info] = GENERATE(table<std::string, std::string>({
      {"", "Time should either start with 'in' or end with 'ago'"},
      {"1 day", "Time should either start with 'in' or end with 'ago'"},
      {"in 1 day ago", "Time cannot have both 'in' and 'ago'"},
      {"in 1", "Invalid time string. Dangling unit or number."},
      {"1.5 days ago", "'1.5' is not an integer."},
      {"x days ago", "'x' is not an integer."},
      {"1 moon ago", "Invalid interval: 'moon'"},
  }));
  CAPTURE(text);
  CHECK(std::get<std::string>(parse_relative_time(text, kNow)) == info);
}
