// Sockets that wait for clients.
#pragma once
#include <sys/socket.h>

#include <string>
#include <vector>

namespace parsimony::http {

// Listens on every address of `host`, on one port; 0 picks a free one. Owns the sockets, which do not block.
class Listener {
 public:
  // Throws std::system_error when the address cannot be had.
  Listener(const std::string& host, int port);
  ~Listener() { close(); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  int port() const { return port_; }
  const std::vector<int>& sockets() const { return sockets_; }
  void close();

 private:
  void open_all(const std::string& host, int port);

  std::vector<int> sockets_;
  int port_ = 0;
};

// The address without the port; an IPv4 address mapped to IPv6 as IPv4.
std::string address_text(const sockaddr_storage& address);

}  // namespace parsimony::http
