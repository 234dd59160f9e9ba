// Regular expressions (PCRE2) with a limit on how long a match may try.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace parsimony {

// While one lives, the matches of its thread share one allowance of steps, so that a pattern which is slow for each of many texts is
// refused as soon as one that is slow for a single text. A step is an item of the pattern that is tried at a place of the text. They
// nest; a match outside of any has an allowance of its own.
class RegexBudget {
 public:
  RegexBudget();
  ~RegexBudget();
  RegexBudget(const RegexBudget&) = delete;
  RegexBudget& operator=(const RegexBudget&) = delete;

  static constexpr std::uint64_t kSteps = 1'500'000;  // some 30 ms of work on an ordinary machine

 private:
  friend class Regex;
  std::uint64_t remaining_ = kSteps;
  RegexBudget* outer_;
};

// Immutable; may be used by several threads, each match has its own state.
class Regex {
 public:
  // `options` is a subset of "imsxu", as Parse's $options. Throws 102 for a pattern that is no regular expression or is longer than
  // kMaxPatternBytes.
  Regex(const std::string& pattern, std::string_view options);

  // Anywhere in the text. Throws 102 when the match needs more steps than the budget has left. Those that an engine without
  // backtracking would need, too, are free.
  bool matches(std::string_view text) const;

  static constexpr std::size_t kMaxPatternBytes = 16 * 1024;

 private:
  struct Code;
  bool matches_within(std::string_view text, RegexBudget& budget) const;
  std::shared_ptr<const Code> code_;
};

}  // namespace parsimony
