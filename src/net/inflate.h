// Compressed bodies (RFC 9110, section 8.4.1).
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace parsimony::net {

// Whether inflate() undoes the Content-Encoding: gzip, x-gzip, deflate.
bool can_inflate(std::string_view content_encoding);

// The bytes before they were compressed. Throws NetError TooLarge beyond `max_bytes`, BadAnswer for what is damaged or cut off.
std::string inflate(std::string_view compressed, std::size_t max_bytes);

}  // namespace parsimony::net
