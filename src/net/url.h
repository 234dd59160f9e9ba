// The parts of an http or https URL, as far as a call needs them (RFC 3986).
#pragma once
#include <string>
#include <string_view>

namespace parsimony::net {

struct Url {
  bool is_https = false;
  std::string host;    // lower case; an IPv6 address without its brackets
  int port = 0;        // 80 or 443 where the URL names none
  std::string target;  // path and query as they stand in a request line; starts with '/'
  std::string user;    // "name:password", decoded; empty when there is none

  // "example.org", "example.org:8080", "[::1]:8080": as in the header Host.
  std::string authority() const;
  // For people and for new URLs; without user.
  std::string text() const;
  bool same_origin(const Url& other) const { return is_https == other.is_https && host == other.host && port == other.port; }
};

inline constexpr std::size_t kMaxUrlBytes = 16 * 1024;

// What cannot stand in a request line (blanks, quotes, bytes beyond ASCII) is percent-encoded; a fragment is dropped.
// Throws NetError BadRequest for everything that is no absolute http or https URL.
Url parse_url(std::string_view text);

// What a Location header means for somebody who asked `base`. Throws as parse_url.
Url resolve_url(const Url& base, std::string_view reference);

}  // namespace parsimony::net
