#include "rest/byte_range.h"

#include <algorithm>
#include <charconv>

#include "http/message.h"

namespace parsimony {
namespace {

constexpr std::string_view kUnit = "bytes=";

bool read_number(std::string_view text, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::optional<ByteRange> parse_range(std::string_view header, std::uint64_t size) {
  if (!http::equal_ignoring_case(header.substr(0, kUnit.size()), kUnit)) return std::nullopt;
  const std::string_view range = header.substr(kUnit.size());
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const std::string_view from = range.substr(0, dash);
  const std::string_view to = range.substr(dash + 1);

  std::uint64_t first = 0;
  std::uint64_t last = 0;
  if (from.empty()) {  // the last bytes
    if (!read_number(to, last)) return std::nullopt;
    const std::uint64_t length = std::min(last, size);
    return ByteRange{size - length, length};
  }
  if (!read_number(from, first)) return std::nullopt;
  if (to.empty()) {
    last = first;
  } else if (!read_number(to, last) || last < first) {
    return std::nullopt;
  }
  if (first >= size) return ByteRange{size, 0};
  const std::uint64_t rest = size - first;
  return ByteRange{first, to.empty() ? rest : std::min(rest - 1, last - first) + 1};
}

}  // namespace parsimony
