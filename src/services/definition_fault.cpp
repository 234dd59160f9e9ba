#include "services/definition_fault.h"

#include <vector>

namespace parsimony {
namespace {

// Passes over the text of a JSON document, byte by byte.
class Scan {
 public:
  explicit Scan(int depth) : wanted_depth_(depth) {}

  void take(char c) {
    if (in_string_) {
      take_in_string(c);
    } else if (c == '"') {
      in_string_ = true;
    } else if (c == '{' || c == '[') {
      if (c == '{' && depth_ == wanted_depth_) found_.push_back(place_);
      ++depth_;
    } else if (c == '}' || c == ']') {
      --depth_;
    }
    step(c);
  }

  const std::vector<JsonPlace>& found() const { return found_; }

 private:
  void take_in_string(char c) {
    if (!is_escaped_ && c == '"') in_string_ = false;
    is_escaped_ = !is_escaped_ && c == '\\';
  }

  void step(char c) {
    if (c == '\n') {
      place_ = {place_.line + 1, 1};
    } else {
      ++place_.column;
    }
  }

  const int wanted_depth_;
  int depth_ = 0;
  bool in_string_ = false;
  bool is_escaped_ = false;
  JsonPlace place_;
  std::vector<JsonPlace> found_;
};

}  // namespace

std::optional<JsonPlace> place_of_object(std::string_view text, int depth, std::size_t index, std::size_t count) {
  Scan scan(depth);
  for (const char c : text) scan.take(c);
  if (scan.found().size() != count || index >= count) return std::nullopt;
  return scan.found()[index];
}

}  // namespace parsimony
