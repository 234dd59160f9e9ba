#include "query/relative_time.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <sstream>
#include <vector>

namespace parsimony {
namespace {

constexpr std::int64_t kMaxCount = 100'000'000'000;  // keeps the sum within 64 bits; far beyond the years that a date can have

struct Unit {
  std::string_view names[4];
  std::int64_t seconds;
};
constexpr Unit kUnits[] = {
    {{"yr", "yrs", "year", "years"}, 31'536'000}, {{"wk", "wks", "week", "weeks"}, 604'800},  {{"d", "d", "day", "days"}, 86'400},
    {{"hr", "hrs", "hour", "hours"}, 3'600},      {{"min", "mins", "minute", "minutes"}, 60}, {{"sec", "secs", "second", "seconds"}, 1},
};

std::optional<std::int64_t> seconds_of(std::string_view name) {
  for (const Unit& unit : kUnits) {
    if (std::find(std::begin(unit.names), std::end(unit.names), name) != std::end(unit.names)) return unit.seconds;
  }
  return std::nullopt;
}

std::optional<std::int64_t> integer_of(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_integer = error == std::errc() && end == text.data() + text.size();
  return is_integer && value >= -kMaxCount && value <= kMaxCount ? std::optional(value) : std::nullopt;
}

std::vector<std::string> words_of(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  std::istringstream stream(lower);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

}  // namespace

std::variant<std::int64_t, std::string> parse_relative_time(std::string_view text, std::int64_t now_ms) {
  std::vector<std::string> words = words_of(text);
  if (words.size() == 1 && words.front() == "now") return now_ms;
  const bool future = !words.empty() && words.front() == "in";
  const bool past = !words.empty() && words.back() == "ago";
  if (!future && !past) return "Time should either start with 'in' or end with 'ago'";
  if (future && past) return "Time cannot have both 'in' and 'ago'";
  words.erase(future ? words.begin() : words.end() - 1);
  if (words.size() % 2 != 0) return "Invalid time string. Dangling unit or number.";
  std::int64_t seconds = 0;
  for (std::size_t i = 0; i < words.size(); i += 2) {
    const auto count = integer_of(words[i]);
    if (!count) return "'" + words[i] + "' is not an integer.";
    const auto unit = seconds_of(words[i + 1]);
    if (!unit) return "Invalid interval: '" + words[i + 1] + "'";
    seconds = std::clamp(seconds + std::clamp(*count, -kMaxCount / *unit, kMaxCount / *unit) * *unit, -kMaxCount, kMaxCount);
  }
  return now_ms + (future ? seconds : -seconds) * 1000;
}

}  // namespace parsimony
