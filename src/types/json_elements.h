// Reads a long JSON list one element at a time, so that memory is bounded by the largest element and not by the list.
//
//   [ element, ... ]
//   {"results": [ element, ... ]}        other members around the list are read past
//   {"rows": [ element, ... ]}
//
// A UTF-8 byte order mark at the front is skipped.
#pragma once
#include <cstddef>
#include <functional>
#include <istream>
#include <string_view>

#include "types/json.h"

namespace parsimony {

// Lines and columns count from 1; columns count bytes.
struct JsonPlace {
  std::size_t line = 1;
  std::size_t column = 1;
};

// One element of the list. Ends with the visit.
class JsonElement {
 public:
  JsonElement(std::string_view text, JsonPlace place, std::size_t end_offset, Json content)
      : value(std::move(content)), text_(text), place_(place), end_offset_(end_offset) {}

  Json value;  // the visitor may move from it

  std::string_view text() const { return text_; }
  JsonPlace place() const { return place_; }
  // Where the value of that member begins; of an element without it, where the element begins.
  JsonPlace place_of(std::string_view member) const;
  std::size_t end_offset() const { return end_offset_; }  // bytes of the stream up to its end

 private:
  std::string_view text_;
  JsonPlace place_;
  std::size_t end_offset_;
};

inline constexpr std::size_t kMaxElementBytes = 20 * 1024 * 1024;

// Throws JsonSyntaxError, with the place in the whole stream: for text that is none of the forms above or no JSON, and for an element
// of more than kMaxElementBytes. What was visited before stays visited.
void for_each_json_element(std::istream& in, const std::function<void(JsonElement&)>& visit);

// The same for objects that simply follow each other, one a line as a rule (NDJSON, JSON Lines).
void for_each_json_line(std::istream& in, const std::function<void(JsonElement&)>& visit);

}  // namespace parsimony
