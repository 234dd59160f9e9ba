#include "http/listener.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <system_error>

namespace parsimony::http {
namespace {

constexpr int kBacklog = 512;
constexpr int kTries = 16;  // to find a port that is free on every address

using AddressList = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

std::system_error error_of(int number, const std::string& host, int port) {
  return {number, std::generic_category(), "cannot listen on " + host + " port " + std::to_string(port)};
}

AddressList addresses_of(const std::string& host, int port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* list = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &list) != 0) throw error_of(EADDRNOTAVAIL, host, port);
  return {list, &::freeaddrinfo};
}

void set_port(addrinfo& address, int port) {
  const auto wire = htons(static_cast<std::uint16_t>(port));
  if (address.ai_family == AF_INET6) reinterpret_cast<sockaddr_in6*>(address.ai_addr)->sin6_port = wire;
  if (address.ai_family == AF_INET) reinterpret_cast<sockaddr_in*>(address.ai_addr)->sin_port = wire;
}

int bound_port(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&address)->sin6_port
                                             : reinterpret_cast<sockaddr_in*>(&address)->sin_port);
}

// The socket, or -1 with errno. Connections take TCP_NODELAY over from it.
int open_one(const addrinfo& address) {
  const int socket = ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket < 0) return -1;
  const int on = 1;
  const int off = 0;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (address.ai_family == AF_INET6) ::setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);  // "::" takes both
  if (::bind(socket, address.ai_addr, address.ai_addrlen) == 0 && ::listen(socket, kBacklog) == 0) return socket;
  const int number = errno;
  ::close(socket);
  errno = number;
  return -1;
}

bool no_such_family(int number) { return number == EAFNOSUPPORT || number == EADDRNOTAVAIL; }

}  // namespace

Listener::Listener(const std::string& host, int port) {
  if (port < 0 || port > 65535) throw error_of(EINVAL, host, port);
  for (int tries = 1;; ++tries) {
    try {
      open_all(host, port);
      return;
    } catch (const std::system_error& error) {
      close();
      if (port != 0 || tries == kTries || error.code().value() != EADDRINUSE) throw;
    } catch (...) {
      close();
      throw;
    }
  }
}

void Listener::open_all(const std::string& host, int port) {
  port_ = port;
  int failure = EADDRNOTAVAIL;
  const AddressList list = addresses_of(host, port);
  for (addrinfo* address = list.get(); address != nullptr; address = address->ai_next) {
    set_port(*address, port_);
    const int socket = open_one(*address);
    if (socket < 0) {
      failure = errno;
      if (no_such_family(failure)) continue;  // a machine without IPv6 still knows "localhost" as ::1
      throw error_of(failure, host, port);
    }
    sockets_.push_back(socket);
    if (port_ == 0) port_ = bound_port(socket);
  }
  if (sockets_.empty()) throw error_of(failure, host, port);
}

void Listener::close() {
  for (const int socket : sockets_) ::close(socket);
  sockets_.clear();
}

std::string address_text(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes = nullptr;
  int family = address.ss_family;
  if (family == AF_INET) {
    bytes = &reinterpret_cast<const sockaddr_in*>(&address)->sin_addr;
  } else if (family == AF_INET6) {
    const in6_addr& wide = reinterpret_cast<const sockaddr_in6*>(&address)->sin6_addr;
    const bool mapped = IN6_IS_ADDR_V4MAPPED(&wide);
    if (mapped) family = AF_INET;
    bytes = mapped ? &wide.s6_addr[12] : &wide.s6_addr[0];
  }
  if (bytes == nullptr || ::inet_ntop(family, bytes, text.data(), text.size()) == nullptr) return {};
  return text.data();
}

}  // namespace parsimony::http
