// Base64 (RFC 4648) as clients write it.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace parsimony {

// With padding, in the common alphabet.
std::string encode_base64(std::string_view bytes);

// Takes both alphabets, white space in between, and text without padding. Nothing for anything else.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace parsimony
