#include <algorithm>
#include <charconv>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "types/json.h"

namespace parsimony {
namespace {

constexpr std::size_t kMaxReasonLength = 200;
constexpr std::size_t kSmallObject = 16;

struct Place {
  std::size_t line;
  std::size_t column;
};

// `offset` is that of the byte in question, from 0.
Place place_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto last_newline = before.rfind('\n');
  const auto lines = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  const std::size_t line_start = last_newline == std::string_view::npos ? 0 : last_newline + 1;
  return {lines + 1, before.size() - line_start + 1};
}

[[noreturn]] void fail(const std::string& reason, std::string_view text, std::size_t offset) {
  const Place place = place_of(text, offset);
  throw JsonSyntaxError(reason, place.line, place.column);
}

// The library says "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error while parsing value - invalid
// literal; last read: 'x'"; what helps the reader begins behind all that.
std::string readable_reason(std::string_view text) {
  constexpr std::string_view kPlaceEnd = ": ";
  constexpr std::string_view kContextEnd = " - ";
  if (const auto end = text.find("] "); text.starts_with('[') && end != std::string_view::npos) text.remove_prefix(end + 2);
  if (text.starts_with("parse error")) text.remove_prefix(std::min(text.find(kPlaceEnd), text.size() - 2) + kPlaceEnd.size());
  if (const auto end = text.find(kContextEnd); text.starts_with("syntax error") && end != std::string_view::npos)
    text.remove_prefix(end + kContextEnd.size());
  if (text.size() > kMaxReasonLength) return std::string(text.substr(0, kMaxReasonLength)) + "...";
  return std::string(text);
}

// Where the nesting first exceeds the limit.
std::size_t offset_of_depth_limit(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMaxJsonDepth) return i;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return text.size();
}

// A member on its way into an object, or (without a name) an element on its way into an array.
struct Entry {
  std::string name;
  Json value;
};
using Entries = std::vector<Entry>;

bool small_object_repeats_names(const Entry* begin, const Entry* end) {
  for (const Entry* entry = begin; entry != end; ++entry)
    if (std::any_of(begin, entry, [&](const Entry& earlier) { return earlier.name == entry->name; })) return true;
  return false;
}

// Moves the last value of a repeated name to where the name stood first, and takes the later entries out. Sorting instead of hashing:
// names chosen to collide cannot slow it down.
void merge_repeated_names(Entries& entries, std::size_t first) {
  const std::size_t size = entries.size() - first;
  Entry* const begin = entries.data() + first;
  if (size <= kSmallObject && !small_object_repeats_names(begin, begin + size)) return;
  std::vector<std::size_t> by_name(size);
  std::iota(by_name.begin(), by_name.end(), std::size_t{0});
  std::sort(by_name.begin(), by_name.end(), [&](std::size_t a, std::size_t b) {
    const int order = begin[a].name.compare(begin[b].name);
    return order != 0 ? order < 0 : a < b;
  });
  std::vector<bool> is_repeat(size);
  std::size_t original = 0;
  for (std::size_t i = 1; i < size; ++i) {
    if (begin[by_name[i]].name != begin[by_name[original]].name) {
      original = i;
      continue;
    }
    begin[by_name[original]].value = std::move(begin[by_name[i]].value);
    is_repeat[by_name[i]] = true;
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < size; ++i) {
    if (is_repeat[i]) continue;
    if (kept != i) begin[kept] = std::move(begin[i]);
    ++kept;
  }
  entries.resize(first + kept);
}

// Collects what the library's lexer finds. The entries of all open containers lie on one stack, and a container is made when it
// closes, at its full size: growing an object of the library copies all that it holds.
class Builder {
 public:
  explicit Builder(std::string_view text) : text_(text) {}

  Json take() { return std::move(entries_.back().value); }

  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(std::int64_t value) { return add(value); }
  bool number_unsigned(std::uint64_t value) {
    // The lexer calls every integer without a sign unsigned.
    return std::in_range<std::int64_t>(value) ? add(static_cast<std::int64_t>(value)) : add(static_cast<double>(value));
  }
  bool number_float(double value, const std::string&) { return add(value); }
  bool string(std::string& value) { return add(std::move(value)); }
  bool binary(Json::binary_t&) { return false; }

  bool start_object(std::size_t) { return open(); }
  bool start_array(std::size_t) { return open(); }
  bool key(std::string& name) {
    name_ = std::move(name);
    return true;
  }

  bool end_object() {
    const Container container = close();
    merge_repeated_names(entries_, container.first);
    Json::object_t members;
    members.reserve(entries_.size() - container.first);
    for (std::size_t i = container.first; i < entries_.size(); ++i)
      members.emplace_back(std::move(entries_[i].name), std::move(entries_[i].value));
    return replace_entries(container, std::move(members));
  }

  bool end_array() {
    const Container container = close();
    Json::array_t elements;
    elements.reserve(entries_.size() - container.first);
    for (std::size_t i = container.first; i < entries_.size(); ++i) elements.push_back(std::move(entries_[i].value));
    return replace_entries(container, std::move(elements));
  }

  template <typename Exception>
  bool parse_error(std::size_t position, const std::string&, const Exception& error) {
    fail(readable_reason(error.what()), text_, position == 0 ? 0 : position - 1);
  }

 private:
  struct Container {
    std::string name;   // its own, in the container around it
    std::size_t first;  // its first entry
  };

  template <typename Value>
  bool add(Value&& value) {
    entries_.push_back({std::move(name_), Json(std::forward<Value>(value))});
    name_.clear();
    return true;
  }

  bool open() {
    if (open_.size() == kMaxJsonDepth)
      fail("nested deeper than " + std::to_string(kMaxJsonDepth) + " levels", text_, offset_of_depth_limit(text_));
    open_.push_back({std::move(name_), entries_.size()});
    name_.clear();
    return true;
  }

  Container close() {
    Container container = std::move(open_.back());
    open_.pop_back();
    return container;
  }

  template <typename Value>
  bool replace_entries(const Container& container, Value value) {
    entries_.resize(container.first);
    entries_.push_back({container.name, Json(std::move(value))});
    return true;
  }

  std::string_view text_;
  std::string name_;
  std::vector<Container> open_;
  Entries entries_;
};

Json build(std::string_view text) {
  Builder builder(text);
  Json::sax_parse(text.begin(), text.end(), &builder);
  return builder.take();
}

// The code unit that an escape "\uXXXX" at that place stands for; 0 where there is none.
unsigned escaped_unit(std::string_view text, std::size_t at) {
  constexpr std::size_t kEscape = 6;
  if (at + kEscape > text.size() || text[at] != '\\' || text[at + 1] != 'u') return 0;
  unsigned unit = 0;
  const auto [end, error] = std::from_chars(text.data() + at + 2, text.data() + at + kEscape, unit, 16);
  return error == std::errc() && end == text.data() + at + kEscape ? unit : 0;
}

bool is_high(unsigned unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low(unsigned unit) { return unit >= 0xDC00 && unit < 0xE000; }

// JavaScript cuts texts within characters; what is left of one becomes U+FFFD, as where JavaScript itself writes UTF-8.
std::string without_lone_surrogates(std::string_view text) {
  std::string mended(text);
  for (std::size_t at = mended.find('\\'); at != std::string::npos; at = mended.find('\\', at)) {
    const unsigned unit = escaped_unit(mended, at);
    const bool is_pair = is_high(unit) && is_low(escaped_unit(mended, at + 6));
    if (!is_pair && (is_high(unit) || is_low(unit))) mended.replace(at, 6, "\\ufffd");
    at += is_pair ? 12 : unit != 0 ? 6 : 2;
  }
  return mended;
}

}  // namespace

JsonSyntaxError::JsonSyntaxError(const std::string& reason, std::size_t line, std::size_t column)
    : std::runtime_error(reason), line_(line), column_(column) {}

Json parse_json(std::string_view text) {
  // The lexer takes a zero byte for the end of the text.
  if (const auto zero = text.find('\0'); zero != std::string_view::npos) fail("unexpected zero byte", text, zero);
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) fail("the text is empty", text, text.size());
  try {
    return build(text);
  } catch (const JsonSyntaxError& error) {
    if (std::string_view(error.what()).find("surrogate") == std::string_view::npos) throw;
  }
  return build(without_lone_surrogates(text));
}

}  // namespace parsimony
