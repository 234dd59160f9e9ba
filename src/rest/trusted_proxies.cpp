#include "rest/trusted_proxies.h"

#include <algorithm>
#include <string_view>

namespace parsimony {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// In the order of the way: the client's first.
std::vector<std::string_view> forwarded_addresses(const http::Request& request) {
  std::vector<std::string_view> addresses;
  for (const auto& [name, value] : request.headers) {
    if (!http::equal_ignoring_case(name, "X-Forwarded-For")) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const std::string_view part = rest.substr(0, rest.find(','));
      rest.remove_prefix(std::min(rest.size(), part.size() + 1));
      if (const auto address = trimmed(part); !address.empty()) addresses.push_back(address);
    }
  }
  return addresses;
}

}  // namespace

std::string client_address(const http::Request& request, const TrustedProxies& trusted) {
  std::string address = request.remote_address;
  const std::vector<std::string_view> before = forwarded_addresses(request);
  std::size_t hop = 0;
  for (auto next = before.rbegin(); next != before.rend(); ++next, ++hop) {
    if (hop >= trusted.hops && !trusted.networks.contains(address)) break;
    address = *next;
  }
  return address;
}

}  // namespace parsimony
