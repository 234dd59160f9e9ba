// The request line and headers, checked for everything that decides where a request ends.
//
// Strict on purpose (RFC 9112): a head that two programs could read in two ways is refused, so that nobody in front of the
// server sees other requests than the server does.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "http/refusal.h"

namespace parsimony::http {

// Views into the text it was parsed from.
struct RequestHead {
  std::string_view method;
  std::string_view path;                                               // as sent, not decoded
  std::string_view query;                                              // as sent, without '?'
  std::vector<std::pair<std::string_view, std::string_view>> headers;  // values without the blanks around them
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool http_1_0 = false;
  bool keep_alive = true;
  bool expects_continue = false;
};

// `text` ends with the empty line.
std::variant<RequestHead, Refusal> parse_head(std::string_view text);

}  // namespace parsimony::http
