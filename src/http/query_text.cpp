#include "http/query_text.h"

#include <algorithm>
#include <charconv>

namespace parsimony::http {
namespace {

// The byte that an escape such as "%2F" at the start of `text` stands for, or -1.
int escaped_byte(std::string_view text) {
  unsigned char byte = 0;
  if (text.size() < 3 || text[0] != '%') return -1;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + 3, byte, 16);
  return error == std::errc{} && end == text.data() + 3 ? byte : -1;
}

}  // namespace

std::string decode_query_part(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (const int byte = escaped_byte(text.substr(i)); byte >= 0) {
      decoded += static_cast<char>(byte);
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

std::vector<NameValue> parse_query(std::string_view query) {
  std::vector<NameValue> parts;
  while (!query.empty()) {
    const std::string_view part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), part.size() + 1));
    if (part.empty()) continue;
    const std::size_t equals = part.find('=');
    const std::string_view value = equals == std::string_view::npos ? std::string_view{} : part.substr(equals + 1);
    parts.emplace_back(decode_query_part(part.substr(0, equals)), decode_query_part(value));
  }
  return parts;
}

}  // namespace parsimony::http
