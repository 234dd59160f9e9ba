// Where a request comes from when proxies stand before the server (option trustProxy, with Express's rules).
#pragma once
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "access/ip_list.h"
#include "http/message.h"

namespace parsimony {

// Whose word about the address before it is believed: X-Forwarded-For lists the way of a request, each proxy adding the address it was
// called from. Nobody's by default, so that a client cannot choose its address.
struct TrustedProxies {
  static constexpr std::size_t kEveryone = std::numeric_limits<std::size_t>::max();

  std::size_t hops = 0;  // so many proxies, counted from the server; kEveryone: the first address of the list is the client
  IpList networks{{}};   // and any proxy with such an address
};

// The address of the client: the last one on the way back from the server that no trusted proxy has. It may be any text when a trusted
// proxy passed on what a client wrote.
std::string client_address(const http::Request& request, const TrustedProxies& trusted);

}  // namespace parsimony
