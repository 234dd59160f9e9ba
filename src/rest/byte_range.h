// The Range header of a request (RFC 9110, section 14).
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace parsimony {

struct ByteRange {
  std::uint64_t first;
  std::uint64_t length;  // 0: none of the bytes asked for is there
};

// The part of `size` bytes that is asked for. Nothing when all are to be sent: for a header that is malformed or of another unit, and
// for several ranges at once, which a server may ignore.
std::optional<ByteRange> parse_range(std::string_view header, std::uint64_t size);

}  // namespace parsimony
