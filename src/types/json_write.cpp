#include <array>
#include <charconv>
#include <cmath>

#include "types/json.h"

namespace parsimony {
namespace {

enum class ByteKind : unsigned char { Plain, Escaped, NonAscii };

constexpr std::array<ByteKind, 256> make_byte_kinds() {
  std::array<ByteKind, 256> kinds{};
  for (std::size_t i = 0; i < 0x20; ++i) kinds[i] = ByteKind::Escaped;
  kinds['"'] = kinds['\\'] = ByteKind::Escaped;
  for (std::size_t i = 0x80; i < 256; ++i) kinds[i] = ByteKind::NonAscii;
  return kinds;
}
constexpr auto kByteKinds = make_byte_kinds();

void append_escape(std::string& out, unsigned char byte) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (byte) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default:
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
  }
}

// The first bytes of UTF-8 sequences with the range of their second byte, which is what excludes overlong forms, surrogates and
// code points beyond U+10FFFF.
struct LeadByte {
  unsigned char first, last;
  std::size_t length;
  unsigned char second_low, second_high;
};
constexpr LeadByte kLeadBytes[] = {
    {0xC2, 0xDF, 2, 0x80, 0xBF}, {0xE0, 0xE0, 3, 0xA0, 0xBF}, {0xE1, 0xEC, 3, 0x80, 0xBF}, {0xED, 0xED, 3, 0x80, 0x9F},
    {0xEE, 0xEF, 3, 0x80, 0xBF}, {0xF0, 0xF0, 4, 0x90, 0xBF}, {0xF1, 0xF3, 4, 0x80, 0xBF}, {0xF4, 0xF4, 4, 0x80, 0x8F},
};

// The length of the well-formed sequence that `text` begins with, or 0.
std::size_t utf8_sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  for (const LeadByte& lead : kLeadBytes) {
    if (byte(0) < lead.first || byte(0) > lead.last) continue;
    if (text.size() < lead.length || byte(1) < lead.second_low || byte(1) > lead.second_high) return 0;
    for (std::size_t i = 2; i < lead.length; ++i)
      if ((byte(i) & 0xC0) != 0x80) return 0;
    return lead.length;
  }
  return 0;
}

// Whether the double is an integer of 64 bits that needs more digits than its shortest text has: what is read back from that text would
// be another integer.
bool is_long_integer(double value) {
  constexpr double kExact = 9007199254740992.0, kLimit = 9223372036854775808.0;  // 2^53, 2^63
  return std::fabs(value) > kExact && std::fabs(value) < kLimit;
}

// The digits of a number and the place of its point: 0.d1d2d3... * 10^point.
struct Digits {
  char text[24];
  int count = 0;
  int point = 0;
};

Digits shortest_digits(double positive) {
  char buffer[40];
  const char* const end = std::to_chars(buffer, buffer + sizeof buffer, positive, std::chars_format::scientific).ptr;
  Digits digits;
  const char* p = buffer;
  for (; *p != 'e'; ++p)
    if (*p != '.') digits.text[digits.count++] = *p;
  ++p;
  if (*p == '+') ++p;
  std::from_chars(p, end, digits.point);
  ++digits.point;
  return digits;
}

void append_members(std::string& out, const Json::object_t& members) {
  out += '{';
  bool first = true;
  for (const auto& [name, value] : members) {
    if (!first) out += ',';
    first = false;
    append_json_string(out, name);
    out += ':';
    append_json(out, value);
  }
  out += '}';
}

void append_elements(std::string& out, const Json::array_t& elements) {
  out += '[';
  bool first = true;
  for (const Json& element : elements) {
    if (!first) out += ',';
    first = false;
    append_json(out, element);
  }
  out += ']';
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t run_start = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const ByteKind kind = kByteKinds[byte];
    const std::size_t good = kind == ByteKind::Plain ? 1 : kind == ByteKind::NonAscii ? utf8_sequence_length(text.substr(i, 4)) : 0;
    if (good > 0) {
      i += good;
      continue;
    }
    out.append(text, run_start, i - run_start);
    if (kind == ByteKind::Escaped)
      append_escape(out, byte);
    else
      out += "\xEF\xBF\xBD";
    run_start = ++i;
  }
  out.append(text, run_start, std::string_view::npos);
  out += '"';
}

void append_json_number(std::string& out, std::int64_t value) {
  char buffer[24];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
}

// The forms of ECMA-262, Number::toString, but for long integers.
void append_json_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  if (value == 0) {
    out += '0';
    return;
  }
  if (is_long_integer(value)) return append_json_number(out, static_cast<std::int64_t>(value));
  if (value < 0) out += '-';
  const Digits digits = shortest_digits(std::fabs(value));
  const auto text = std::string_view(digits.text, static_cast<std::size_t>(digits.count));
  const int point = digits.point;
  if (digits.count <= point && point <= 21) {
    out.append(text).append(static_cast<std::size_t>(point - digits.count), '0');
  } else if (0 < point && point <= 21) {
    out.append(text.substr(0, static_cast<std::size_t>(point))).append(1, '.').append(text.substr(static_cast<std::size_t>(point)));
  } else if (-6 < point && point <= 0) {
    out.append("0.").append(static_cast<std::size_t>(-point), '0').append(text);
  } else {
    out += text[0];
    if (digits.count > 1) out.append(1, '.').append(text.substr(1));
    out += point > 0 ? "e+" : "e-";
    append_json_number(out, static_cast<std::int64_t>(std::abs(point - 1)));
  }
}

void append_json(std::string& out, const Json& value) {
  switch (value.type()) {
    case Json::value_t::object: append_members(out, value.get_ref<const Json::object_t&>()); return;
    case Json::value_t::array: append_elements(out, value.get_ref<const Json::array_t&>()); return;
    case Json::value_t::string: append_json_string(out, value.get_ref<const std::string&>()); return;
    case Json::value_t::boolean: out += value.get<bool>() ? "true" : "false"; return;
    case Json::value_t::number_integer: append_json_number(out, value.get<std::int64_t>()); return;
    case Json::value_t::number_unsigned: append_json_number(out, value.get<double>()); return;
    case Json::value_t::number_float: append_json_number(out, value.get<double>()); return;
    case Json::value_t::null:
    case Json::value_t::binary:
    case Json::value_t::discarded: out += "null"; return;
  }
}

std::string to_json_text(const Json& value) {
  std::string text;
  append_json(text, value);
  return text;
}

}  // namespace parsimony
