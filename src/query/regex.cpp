#include "query/regex.h"

#include <pcre2.h>

#include <utility>

#include "common/error.h"

namespace parsimony {
namespace {

// A match of so many steps costs nothing of the budget: a well-meant pattern needs some tens on a short text.
constexpr std::uint32_t kFreeSteps = 2'000;
constexpr std::uint32_t kGrowth = 4;  // of the limit at each further try
constexpr std::uint32_t kDepthLimit = 10'000;
constexpr std::uint32_t kHeapLimitKib = 16 * 1024;

std::uint32_t pcre2_options(std::string_view options) {
  std::uint32_t flags = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY;
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
  explicit Code(pcre2_code* compiled) : code(compiled) {}
  ~Code() { pcre2_code_free(code); }
  Code(const Code&) = delete;
  Code& operator=(const Code&) = delete;

  pcre2_code* code;
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
  code_ = std::make_shared<const Code>(compiled);
}

bool Regex::matches(std::string_view text) const {
  if (current_budget) return matches_within(text, *current_budget);
  RegexBudget own;
  return matches_within(text, own);
}

// PCRE2 does not tell how many steps a match took, so it is tried with limits that grow, and each further try is charged in full.
bool Regex::matches_within(std::string_view text, RegexBudget& budget) const {
  thread_local MatchData match;
  for (std::uint32_t limit = kFreeSteps;; limit *= kGrowth) {
    pcre2_set_match_limit(match.context, limit);
    const int result = pcre2_match(code_->code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0, 0, match.data, match.context);
    if (result >= 0) return true;
    if (result == PCRE2_ERROR_NOMATCH) return false;
    const std::uint64_t next = std::uint64_t{limit} * kGrowth;
    if (result != PCRE2_ERROR_MATCHLIMIT || next > budget.remaining_)
      throw Error(error_code::kInvalidQuery, "The regular expression takes too long to match");
    budget.remaining_ -= next;
  }
}

RegexBudget::RegexBudget() : outer_(std::exchange(current_budget, this)) {}
RegexBudget::~RegexBudget() { current_budget = outer_; }

}  // namespace parsimony
