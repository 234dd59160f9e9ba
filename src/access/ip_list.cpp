#include "access/ip_list.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace parsimony {
namespace {

constexpr unsigned char kMappedPrefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool is_any(const std::string& text) { return text == "0.0.0.0" || text == "::" || text == "::0"; }

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
    int prefix_bits = is_any(entry) ? 0 : address.bits;
    if (slash != std::string::npos) std::from_chars(entry.data() + slash + 1, entry.data() + entry.size(), prefix_bits);
    if (address.bits > 0) networks_.push_back({address, prefix_bits});
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
