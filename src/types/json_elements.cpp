#include "types/json_elements.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace parsimony {
namespace {

constexpr std::size_t kChunkBytes = 256 * 1024;
constexpr std::size_t kIncomplete = std::string_view::npos;
constexpr int kEndOfStream = -1;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_space(int c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

JsonPlace moved_over(JsonPlace place, std::string_view text) {
  const auto last_newline = text.rfind('\n');
  if (last_newline == std::string_view::npos) return {place.line, place.column + text.size()};
  return {place.line + static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')), text.size() - last_newline};
}

std::size_t end_of_string(std::string_view text, std::size_t from) {
  for (std::size_t i = from + 1; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      return i + 1;
  }
  return kIncomplete;
}

std::size_t end_of_container(std::string_view text, std::size_t from) {
  std::size_t depth = 0;
  for (std::size_t i = from; i < text.size(); ++i) {
    switch (text[i]) {
      case '"':
        i = end_of_string(text, i);
        if (i == kIncomplete) return kIncomplete;
        --i;
        break;
      case '{':
      case '[': ++depth; break;
      case '}':
      case ']':
        if (--depth == 0) return i + 1;
        break;
      default: break;
    }
  }
  return kIncomplete;
}

// Behind the last byte of the value that begins at `from`, judged by quotes and brackets alone; whether it is JSON is for the parser.
// kIncomplete when the text ends before that is clear.
std::size_t end_of_value(std::string_view text, std::size_t from) {
  if (text[from] == '{' || text[from] == '[') return end_of_container(text, from);
  if (text[from] == '"') return end_of_string(text, from);
  const auto end = text.find_first_of(",]}: \n\t\r", from);
  return end == std::string_view::npos ? kIncomplete : end;
}

std::size_t skip_space(std::string_view text, std::size_t from) {
  while (from < text.size() && is_space(text[from])) ++from;
  return from;
}

class ElementReader {
 public:
  ElementReader(std::istream& in, const std::function<void(JsonElement&)>& visit) : in_(in), visit_(visit) {}

  void read() {
    skip_byte_order_mark();
    switch (peek_token()) {
      case '[': read_list(); break;
      case '{': read_wrapper(); break;
      case kEndOfStream: fail("the file is empty");
      default: fail("expected a list of objects: [...] or {\"results\":[...]}");
    }
    if (peek_token() != kEndOfStream) fail("unexpected text behind the end of the list");
  }

  void read_lines() {
    skip_byte_order_mark();
    for (int token = peek_token(); token != kEndOfStream; token = peek_token()) {
      if (token != '{') fail("expected an object, {...}");
      read_element();
    }
  }

 private:
  [[noreturn]] void fail(const std::string& reason) const { throw JsonSyntaxError(reason, place_.line, place_.column); }

  std::string_view rest() const { return std::string_view(buffer_).substr(position_); }

  // Appends what comes next of the stream; false at its end. What was consumed goes away.
  bool read_more(std::size_t bytes) {
    buffer_.erase(0, position_);
    position_ = 0;
    const std::size_t had = buffer_.size();
    buffer_.resize(had + bytes);
    in_.read(buffer_.data() + had, static_cast<std::streamsize>(bytes));
    buffer_.resize(had + static_cast<std::size_t>(in_.gcount()));
    return buffer_.size() > had;
  }

  void consume(std::size_t bytes) {
    place_ = moved_over(place_, rest().substr(0, bytes));
    position_ += bytes;
    offset_ += bytes;
  }

  void skip_byte_order_mark() {
    read_more(kChunkBytes);
    if (!rest().starts_with(kByteOrderMark)) return;
    position_ += kByteOrderMark.size();
    offset_ += kByteOrderMark.size();
  }

  // The next byte that is no white space, not consumed.
  int peek_token() {
    for (;;) {
      consume(skip_space(rest(), 0));
      if (!rest().empty()) return static_cast<unsigned char>(rest().front());
      if (!read_more(kChunkBytes)) return kEndOfStream;
    }
  }

  void expect(char token, const std::string& reason) {
    if (peek_token() != token) fail(reason);
    consume(1);
  }

  // A value that lacks a bracket looks long as well: then that is told.
  [[noreturn]] void fail_at_long_value() const {
    const std::string_view text = rest().substr(0, kMaxElementBytes);
    const JsonPlace end = moved_over(place_, text);
    try {
      parse(text);
    } catch (const JsonSyntaxError& error) {
      const bool is_at_end = error.line() == end.line && error.column() + 1 >= end.column;
      if (!is_at_end) throw;
    }
    fail("an object of more than " + std::to_string(kMaxElementBytes / (1024 * 1024)) + " MB");
  }

  // The bytes of the next value; they stay valid until the next byte is peeked at.
  std::string_view value_text() {
    for (;;) {
      const std::size_t length = end_of_value(rest(), 0);
      const std::size_t known = std::min(length, rest().size());
      if (known > kMaxElementBytes) fail_at_long_value();
      if (length != kIncomplete) return rest().substr(0, length);
      if (!read_more(std::max(kChunkBytes, known))) return rest();
    }
  }

  Json parse(std::string_view text) const {
    if (text.empty()) fail("expected a value");
    try {
      return parse_json(text);
    } catch (const JsonSyntaxError& error) {
      const bool is_first_line = error.line() == 1;
      throw JsonSyntaxError(error.what(), place_.line + error.line() - 1,
                            is_first_line ? place_.column + error.column() - 1 : error.column());
    }
  }

  Json read_value() {
    const std::string_view text = value_text();
    Json value = parse(text);
    consume(text.size());
    return value;
  }

  void read_element() {
    const std::string_view text = value_text();
    JsonElement element(text, place_, offset_ + text.size(), parse(text));
    visit_(element);
    consume(text.size());
  }

  void read_list() {
    consume(1);
    if (peek_token() == ']') return consume(1);
    for (;;) {
      if (peek_token() == kEndOfStream) fail("the file ends within the list");
      read_element();
      if (peek_token() == ']') return consume(1);
      expect(',', "expected ',' or ']' behind an object");
    }
  }

  void read_member(bool& has_list) {
    if (peek_token() != '"') fail("expected a member's name");
    const auto name = read_value().get<std::string>();
    expect(':', "expected ':' behind a member's name");
    const int first = peek_token();
    if (first == kEndOfStream) fail("the file ends within an object");
    if (name != "results" && name != "rows") {
      read_value();
      return;
    }
    if (first != '[') fail("\"" + name + "\" must be a list");
    if (has_list) fail("there is a second list of objects");
    has_list = true;
    read_list();
  }

  void read_wrapper() {
    const JsonPlace begin = place_;
    bool has_list = false;
    consume(1);
    if (peek_token() != '}') {
      read_member(has_list);
      while (peek_token() == ',') {
        consume(1);
        read_member(has_list);
      }
    }
    expect('}', "expected ',' or '}'");
    if (!has_list) throw JsonSyntaxError("the object has no list \"results\" or \"rows\"", begin.line, begin.column);
  }

  std::istream& in_;
  const std::function<void(JsonElement&)>& visit_;
  std::string buffer_;        // what was read and not yet thrown away
  std::size_t position_ = 0;  // of the next byte, in buffer_
  std::size_t offset_ = 0;    // of the next byte, in the stream
  JsonPlace place_;           // of the next byte
};

// Where the value of the member begins in the text of a valid object; of equal names the last one counts.
std::size_t offset_of_member(std::string_view text, std::string_view name) {
  std::size_t found = 0;
  std::size_t at = skip_space(text, 1);
  while (at < text.size() && text[at] == '"') {
    const std::size_t name_end = end_of_string(text, at);
    const bool is_it = text.substr(at + 1, name_end - at - 2) == name;
    at = skip_space(text, skip_space(text, name_end) + 1);
    if (is_it) found = at;
    at = skip_space(text, end_of_value(text, at));
    if (at < text.size()) at = skip_space(text, at + 1);
  }
  return found;
}

}  // namespace

JsonPlace JsonElement::place_of(std::string_view member) const {
  if (!text_.starts_with('{')) return place_;
  return moved_over(place_, text_.substr(0, offset_of_member(text_, member)));
}

void for_each_json_line(std::istream& in, const std::function<void(JsonElement&)>& visit) { ElementReader(in, visit).read_lines(); }

void for_each_json_element(std::istream& in, const std::function<void(JsonElement&)>& visit) { ElementReader(in, visit).read(); }

}  // namespace parsimony
