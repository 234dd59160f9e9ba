// One outgoing connection, plain or with TLS.
//
// Used by one thread at a time. Everything that waits does so with a Patience, and throws its NetError TimedOut or Cancelled.
#pragma once
#include <sys/types.h>

#include <memory>
#include <string>
#include <string_view>

#include "net/addresses.h"
#include "net/patience.h"

struct ssl_st;

namespace parsimony::net {

class Connection {
 public:
  // To the first address of `host` that the guard lets through and that answers. Throws NetError NoAddress, Forbidden, Unreachable.
  static Connection open(const std::string& host, int port, const AddressGuard& guard, const Patience& patience);

  Connection(Connection&& other) noexcept;
  Connection& operator=(Connection&& other) noexcept;
  ~Connection();

  // From now on everything is TLS, with a peer that proves to be `host` by a certificate of the system's authorities
  // (tls.h). Throws NetError Untrusted, Unreachable.
  void start_tls(const std::string& host, const Patience& patience);

  // Sends everything. Throws NetError Unreachable when the peer has gone.
  void write(std::string_view bytes, const Patience& patience);
  // At least one byte, or 0 at the end. Throws NetError Unreachable when the connection breaks.
  std::size_t read(char* to, std::size_t size, const Patience& patience);

  // Nothing came and nobody hung up: a new request may be sent.
  bool is_idle() const;

 private:
  struct FreeTls {
    void operator()(ssl_st* tls) const;
  };

  explicit Connection(int socket) : socket_(socket) {}
  // Returns when what TLS wanted is there, so that the call can be tried again.
  void wait_for_tls(int result, const Patience& patience);

  int socket_;  // -1: moved away
  std::unique_ptr<ssl_st, FreeTls> tls_;
};

}  // namespace parsimony::net
