// JSON as the product uses it: object members keep their order; numbers are JavaScript's.
//
// The value type is nlohmann/json's ordered form, whose look-up by key is linear: iterate over what a client sent, look up only
// in small objects. Reading and writing text goes through here, never through the library's own parse() and dump(), because
// limits and the form of numbers are decided here.
#pragma once
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace parsimony {

using Json = nlohmann::ordered_json;

// Where a text stops being JSON. Lines and columns count from 1; columns count bytes.
class JsonSyntaxError : public std::runtime_error {
 public:
  JsonSyntaxError(const std::string& reason, std::size_t line, std::size_t column);
  std::size_t line() const { return line_; }
  std::size_t column() const { return column_; }

 private:
  std::size_t line_;
  std::size_t column_;
};

inline constexpr std::size_t kMaxJsonDepth = 256;

// Reads one JSON text (RFC 8259, UTF-8). Of equal keys in one object the last value wins, as in JavaScript. An integer beyond 64
// bits signed becomes a double; a number beyond double is an error. Takes time linear in the text, whatever it holds.
// Throws JsonSyntaxError, also for nesting beyond kMaxJsonDepth.
Json parse_json(std::string_view text);

// Writes as JSON.stringify does: shortest text of a double, no ".0" (all digits of one that is an integer of 64 bits: read back it is an
// exact one); NaN and infinities as null; text that is no UTF-8 with U+FFFD in place of the bad bytes.
void append_json(std::string& out, const Json& value);
void append_json_string(std::string& out, std::string_view text);  // quoted and escaped
void append_json_number(std::string& out, double value);
void append_json_number(std::string& out, std::int64_t value);
std::string to_json_text(const Json& value);

// The member of that name, or null when `value` is no object or has none.
const Json* find_member(const Json& value, std::string_view name);
// The same, only if it is a string.
const std::string* find_string(const Json& value, std::string_view name);

// Equality as Parse means it: objects regardless of member order, 1 equals 1.0, a pointer equals an included object of the same
// class and id.
bool json_equal(const Json& a, const Json& b);
// A text that two values share exactly when they are equal in that sense; for sets of values. No JSON.
std::string equality_key(const Json& value);

}  // namespace parsimony
