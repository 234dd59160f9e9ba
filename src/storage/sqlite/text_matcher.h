// Looks for words in a text with the tokenizer of the full-text indexes, so that a scan and an index find the same.
#pragma once
#include <sqlite3.h>

#include <string>
#include <string_view>
#include <vector>

#include "types/json.h"

namespace parsimony {

// For one connection, which must outlive it.
class TextMatcher {
 public:
  // `operand` is that of Comparison::Text. A case-sensitive search also tells accents apart.
  TextMatcher(sqlite3* database, const Json& operand);
  ~TextMatcher();
  TextMatcher(const TextMatcher&) = delete;
  TextMatcher& operator=(const TextMatcher&) = delete;

  bool matches(std::string_view text) const;
  // How well the text answers the search, as MongoDB reckons it: each word by how often and how densely it occurs. 0: not at all.
  double score(std::string_view text) const;

 private:
  using Tokens = std::vector<std::string>;
  Tokens tokens_of(std::string_view text) const;
  std::vector<Tokens> tokens_of_each(const std::vector<std::string>& parts) const;

  fts5_tokenizer functions_{};
  Fts5Tokenizer* tokenizer_ = nullptr;
  bool keeps_case_;
  std::vector<Tokens> words_;
  std::vector<Tokens> phrases_;
  std::vector<Tokens> excluded_;
};

}  // namespace parsimony
