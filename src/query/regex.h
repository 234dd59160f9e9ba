// Regular expressions (PCRE2) with a limit on how long a match may try.
#pragma once
#include <memory>
#include <string>
#include <string_view>

namespace parsimony {

// Immutable; may be used by several threads, each match has its own state.
class Regex {
 public:
  // `options` is a subset of "imsxu", as Parse's $options. Throws 102 for a pattern that is no regular expression or is longer than
  // kMaxPatternBytes.
  Regex(const std::string& pattern, std::string_view options);

  // Anywhere in the text. Throws 102 when the match needs more steps than the limit allows.
  bool matches(std::string_view text) const;

  static constexpr std::size_t kMaxPatternBytes = 16 * 1024;

 private:
  struct Code;
  std::shared_ptr<const Code> code_;
};

}  // namespace parsimony
