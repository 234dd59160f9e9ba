#include "storage/sqlite/text_matcher.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "query/text_search.h"

namespace parsimony {
namespace {

fts5_api* full_text_api(sqlite3* database) {
  fts5_api* api = nullptr;
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, "SELECT fts5(?1)", -1, &statement, nullptr) == SQLITE_OK) {
    sqlite3_bind_pointer(statement, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
    sqlite3_step(statement);
  }
  sqlite3_finalize(statement);
  if (!api) throw std::runtime_error("the engine has no full-text search");
  return api;
}

struct Collector {
  std::string_view text;
  bool keeps_case;
  std::vector<std::string>& tokens;

  static int take(void* self, int, const char* token, int size, int start, int end) {
    const auto& collector = *static_cast<Collector*>(self);
    const std::string_view folded(token, static_cast<std::size_t>(size));
    const std::string_view written = collector.text.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(end - start));
    collector.tokens.emplace_back(collector.keeps_case ? written : folded);
    return SQLITE_OK;
  }
};

bool holds(const std::vector<std::string>& text, const std::vector<std::string>& part) {
  return !part.empty() && std::search(text.begin(), text.end(), part.begin(), part.end()) != text.end();
}

// Each further occurrence counts half of the one before; a word that is much of the text counts up to twice as much, and a tenth
// more when it is all of it.
double score_of_word(const std::vector<std::string>& text, const std::string& word) {
  const auto occurrences = std::count(text.begin(), text.end(), word);
  if (occurrences == 0) return 0;
  const double frequency = 2.0 - std::ldexp(2.0, -static_cast<int>(std::min<std::ptrdiff_t>(occurrences, 60)));
  const double share = static_cast<double>(occurrences) / static_cast<double>(text.size());
  return frequency * (0.5 * share + 0.5) * (text.size() == 1 ? 1.1 : 1.0);
}

}  // namespace

TextMatcher::TextMatcher(sqlite3* database, const Json& operand) : keeps_case_(operand.at("caseSensitive").get<bool>()) {
  fts5_api* api = full_text_api(database);
  void* context = nullptr;
  const char* arguments[] = {"remove_diacritics", operand.at("diacriticSensitive").get<bool>() ? "0" : "2"};
  if (api->xFindTokenizer(api, "unicode61", &context, &functions_) != SQLITE_OK ||
      functions_.xCreate(context, arguments, 2, &tokenizer_) != SQLITE_OK) {
    throw std::runtime_error("the engine has no tokenizer unicode61");
  }
  const TextSearch search(operand.at("term").get<std::string>());
  words_ = tokens_of_each(search.words);
  phrases_ = tokens_of_each(search.phrases);
  excluded_ = tokens_of_each(search.excluded);
}

TextMatcher::~TextMatcher() { functions_.xDelete(tokenizer_); }

bool TextMatcher::matches(std::string_view text) const {
  const Tokens tokens = tokens_of(text);
  const auto is_held = [&](const Tokens& part) { return holds(tokens, part); };
  if (std::any_of(excluded_.begin(), excluded_.end(), is_held)) return false;
  if (!phrases_.empty()) return std::all_of(phrases_.begin(), phrases_.end(), is_held);
  return std::any_of(words_.begin(), words_.end(), is_held);
}

double TextMatcher::score(std::string_view text) const {
  const Tokens tokens = tokens_of(text);
  double sum = 0;
  for (const std::vector<Tokens>* parts : {&words_, &phrases_}) {
    for (const Tokens& part : *parts) {
      for (const std::string& word : part) sum += score_of_word(tokens, word);
    }
  }
  return sum;
}

TextMatcher::Tokens TextMatcher::tokens_of(std::string_view text) const {
  Tokens tokens;
  Collector collector{text, keeps_case_, tokens};
  functions_.xTokenize(tokenizer_, &collector, FTS5_TOKENIZE_DOCUMENT, text.data(), static_cast<int>(text.size()), &Collector::take);
  return tokens;
}

// Parts without a letter or digit say nothing and are left out.
std::vector<TextMatcher::Tokens> TextMatcher::tokens_of_each(const std::vector<std::string>& parts) const {
  std::vector<Tokens> each;
  for (const std::string& part : parts) {
    if (Tokens tokens = tokens_of(part); !tokens.empty()) each.push_back(std::move(tokens));
  }
  return each;
}

}  // namespace parsimony
