// From the name of a host to addresses.
#pragma once
#include <netinet/in.h>
#include <sys/socket.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "net/patience.h"

namespace parsimony::net {

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;

  std::string text() const;  // "127.0.0.1", "::1"; an IPv4 address written as IPv6 is shown as IPv4
  int family() const { return storage.ss_family; }
};

// The addresses of a name or of an address written as text, in the order in which they should be tried. The system's resolver works on
// a thread of its own, so that the wait ends with the patience. Throws NetError NoAddress, TimedOut, Cancelled.
std::vector<Address> resolve(const std::string& host, int port, const Patience& patience);

// Whether the address belongs to this machine or a network that the internet does not reach: loopback, private, link-local (with the
// metadata services of clouds), shared, multicast, reserved; for IPv6 also those of IPv4 within (mapped, NAT64, 6to4).
// Also true for what is no address.
bool is_private_address(std::string_view address);

// Decides on each address before a connection is made to it, redirects included; called on the caller's thread. Null lets all through.
using AddressGuard = std::function<bool(const std::string& address)>;

}  // namespace parsimony::net
