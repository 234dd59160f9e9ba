// Sizes as people write them.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace parsimony {

// "500kb", "20mb", "1gb", "1.5mb" or a bare number of bytes, as Parse Server's maxUploadSize. Nothing for any other text, for less than
// one byte and for more than anybody has.
std::optional<std::uint64_t> read_byte_size(std::string_view text);

}  // namespace parsimony
