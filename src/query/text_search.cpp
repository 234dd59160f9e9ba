#include "query/text_search.h"

#include <algorithm>

namespace parsimony {
namespace {

constexpr std::string_view kSpaces = " \t\r\n";

// A part that ends before `end`, which is taken off with it.
std::string take_until(std::string_view& text, std::string_view end) {
  const std::size_t at = text.find_first_of(end);
  std::string part(text.substr(0, at));
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return part;
}

std::string quoted(const std::string& words) {
  std::string text = "\"";
  for (const char c : words) text.append(c == '"' ? 2 : 1, c);
  return text + '"';
}

}  // namespace

TextSearch::TextSearch(std::string_view term) {
  std::string clean(term);
  std::replace(clean.begin(), clean.end(), '\0', ' ');  // the engine ends a text there
  std::string_view rest = clean;
  while (!rest.empty()) {
    if (kSpaces.find(rest.front()) != std::string_view::npos) {
      rest.remove_prefix(1);
    } else if (rest.front() == '"') {
      rest.remove_prefix(1);
      phrases.push_back(take_until(rest, "\""));
    } else if (rest.front() == '-') {
      rest.remove_prefix(1);
      excluded.push_back(take_until(rest, kSpaces));
    } else {
      words.push_back(take_until(rest, kSpaces));
    }
  }
}

std::string TextSearch::match_expression() const {
  const bool needs_all = !phrases.empty();
  std::string expression;
  for (const std::string& part : needs_all ? phrases : words) {
    if (!expression.empty()) expression += needs_all ? " AND " : " OR ";
    expression += quoted(part);
  }
  return expression.empty() ? "\"\"" : expression;
}

}  // namespace parsimony
