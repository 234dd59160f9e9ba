#include "access/ip_list.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <string_view>

namespace parsimony {
namespace {

constexpr int kMappedBits = 96;
constexpr unsigned char kMappedPrefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool is_any(const std::string& text) { return text == "0.0.0.0" || text == "::" || text == "::0"; }

// The number behind the slash; nothing when it is none.
std::optional<int> prefix_of(std::string_view text) {
  int bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(bits) : std::nullopt;
}

}  // namespace

IpList::Address IpList::parse(const std::string& text) {
  Address address;
  if (inet_pton(AF_INET, text.c_str(), address.bytes.data()) == 1) {
    address.bits = 32;
  } else if (inet_pton(AF_INET6, text.c_str(), address.bytes.data()) == 1) {
    address.bits = 128;
    if (std::memcmp(address.bytes.data(), kMappedPrefix, sizeof kMappedPrefix) == 0) {
      std::copy(address.bytes.begin() + 12, address.bytes.end(), address.bytes.begin());
      address.bits = 32;
    }
  }
  return address;
}

IpList::IpList(const std::vector<std::string>& entries) {
  for (const std::string& entry : entries) {
    const std::size_t slash = entry.find('/');
    const std::string text = entry.substr(0, slash);
    const Address address = parse(text);
    std::optional<int> prefix_bits = is_any(entry) ? 0 : address.bits;
    if (slash != std::string::npos) prefix_bits = prefix_of(std::string_view(entry).substr(slash + 1));
    // The network of an IPv4 address written as IPv6 counts the bits of that form.
    const bool is_mapped = address.bits == 32 && text.find(':') != std::string::npos;
    if (slash != std::string::npos && is_mapped && prefix_bits) *prefix_bits -= kMappedBits;
    if (address.bits > 0 && prefix_bits && *prefix_bits >= 0 && *prefix_bits <= address.bits) networks_.push_back({address, *prefix_bits});
  }
}

bool IpList::contains(const std::string& text) const {
  const Address address = parse(text);
  return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) { return covers(network, address); });
}

bool IpList::covers(const Network& network, const Address& address) {
  if (network.address.bits != address.bits || address.bits == 0) return false;
  for (int bit = 0; bit < network.prefix_bits; ++bit) {
    const int mask = 0x80 >> (bit % 8);
    const auto byte = static_cast<std::size_t>(bit / 8);
    if ((network.address.bytes[byte] & mask) != (address.bytes[byte] & mask)) return false;
  }
  return true;
}

}  // namespace parsimony
