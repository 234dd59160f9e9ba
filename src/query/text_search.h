// What "$text" asks for: words, "phrases" and -words, as MongoDB reads them.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace parsimony {

// An object matches with every phrase and none of the excluded words; without a phrase, with any of the words. With excluded words
// alone nothing matches.
struct TextSearch {
  explicit TextSearch(std::string_view term);

  std::vector<std::string> words;
  std::vector<std::string> phrases;
  std::vector<std::string> excluded;

  // What an FTS5 index is asked for: everything that may match.
  std::string match_expression() const;
};

}  // namespace parsimony
