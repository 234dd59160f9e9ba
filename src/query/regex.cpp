#include "query/regex.h"

#include <pcre2.h>

#include <algorithm>
#include <utility>

#include "common/error.h"

namespace parsimony {
namespace {

// What an engine without backtracking would need for a match, the bytes of the text times those of the pattern, costs nothing of the
// budget, up to a limit.
constexpr std::uint64_t kMinFreeSteps = 64;
constexpr std::uint64_t kMaxFreeSteps = 10'000;
constexpr std::size_t kBytesPerStep = 16;  // that one item of a pattern passes over
constexpr std::uint32_t kDepthLimit = 10'000;
constexpr std::uint32_t kHeapLimitKib = 16 * 1024;

std::uint32_t pcre2_options(std::string_view options) {
  std::uint32_t flags = PCRE2_AUTO_CALLOUT | PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY;
  for (const char option : options) {
    switch (option) {
      case 'i': flags |= PCRE2_CASELESS; break;
      case 'm': flags |= PCRE2_MULTILINE; break;
      case 's': flags |= PCRE2_DOTALL; break;
      case 'x': flags |= PCRE2_EXTENDED; break;
      default: break;  // "u": always on
    }
  }
  return flags;
}

[[noreturn]] void refuse(const std::string& reason) { throw Error(error_code::kInvalidQuery, "Invalid regular expression: " + reason); }

thread_local RegexBudget* current_budget = nullptr;

// Counts the steps of one match.
struct Meter {
  std::uint64_t free;
  std::uint64_t& remaining;
  std::size_t position = 0;

  bool take(std::uint64_t steps) {
    const std::uint64_t for_free = std::min(free, steps);
    free -= for_free;
    steps -= for_free;
    if (steps > remaining) return false;
    remaining -= steps;
    return true;
  }
};

// PCRE2 calls it before each item of the pattern that it tries; it does not tell how many those were.
int count_step(pcre2_callout_block* at, void* data) {
  Meter& meter = *static_cast<Meter*>(data);
  const std::size_t before = std::exchange(meter.position, at->current_position);
  const std::size_t passed = before > meter.position ? before - meter.position : meter.position - before;
  return meter.take(1 + passed / kBytesPerStep) ? 0 : PCRE2_ERROR_MATCHLIMIT;
}

struct MatchData {
  pcre2_match_data* data = pcre2_match_data_create(1, nullptr);
  pcre2_match_context* context = pcre2_match_context_create(nullptr);

  MatchData() {
    pcre2_set_depth_limit(context, kDepthLimit);
    pcre2_set_heap_limit(context, kHeapLimitKib);
  }
  ~MatchData() {
    pcre2_match_data_free(data);
    pcre2_match_context_free(context);
  }
  MatchData(const MatchData&) = delete;
  MatchData& operator=(const MatchData&) = delete;
};

}  // namespace

struct Regex::Code {
  Code(pcre2_code* compiled, std::size_t bytes) : code(compiled), pattern_bytes(bytes) {}
  ~Code() { pcre2_code_free(code); }
  Code(const Code&) = delete;
  Code& operator=(const Code&) = delete;

  pcre2_code* code;
  std::size_t pattern_bytes;
};

Regex::Regex(const std::string& pattern, std::string_view options) {
  if (pattern.size() > kMaxPatternBytes) refuse("longer than " + std::to_string(kMaxPatternBytes) + " bytes");
  int error = 0;
  PCRE2_SIZE offset = 0;
  pcre2_code* compiled =
      pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), pcre2_options(options), &error, &offset, nullptr);
  if (!compiled) {
    char reason[160];
    pcre2_get_error_message(error, reinterpret_cast<PCRE2_UCHAR*>(reason), sizeof reason);
    refuse(std::string(reason) + " at offset " + std::to_string(offset));
  }
  code_ = std::make_shared<const Code>(compiled, pattern.size());
}

bool Regex::matches(std::string_view text) const {
  if (current_budget) return matches_within(text, *current_budget);
  RegexBudget own;
  return matches_within(text, own);
}

bool Regex::matches_within(std::string_view text, RegexBudget& budget) const {
  thread_local MatchData match;
  Meter meter{std::min(kMinFreeSteps + text.size() * code_->pattern_bytes, kMaxFreeSteps), budget.remaining_};
  pcre2_set_callout(match.context, count_step, &meter);
  const int result = pcre2_match(code_->code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0, 0, match.data, match.context);
  if (result >= 0) return true;
  if (result == PCRE2_ERROR_NOMATCH) return false;
  throw Error(error_code::kInvalidQuery, "The regular expression takes too long to match");
}

RegexBudget::RegexBudget() : outer_(std::exchange(current_budget, this)) {}
RegexBudget::~RegexBudget() { current_budget = outer_; }

}  // namespace parsimony
