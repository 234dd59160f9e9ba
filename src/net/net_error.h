// Why an outgoing call came to nothing.
#pragma once
#include <stdexcept>
#include <string>

namespace parsimony::net {

enum class Fault {
  BadRequest,   // the call itself: its URL, method or headers
  Forbidden,    // the address is one that the guard does not let through
  NoAddress,    // the name cannot be resolved
  Unreachable,  // no connection, or it broke
  Untrusted,    // TLS: no agreement, or a certificate that cannot be trusted
  TimedOut,
  Cancelled,
  BadAnswer,  // no HTTP
  TooLarge,   // the answer
  Redirected  // more redirects than allowed, or one where none is
};

// The text names host and port, but neither path nor query, which may hold secrets: it may be logged and shown to clients.
class NetError : public std::runtime_error {
 public:
  NetError(Fault fault, const std::string& text) : std::runtime_error(text), fault_(fault) {}
  Fault fault() const { return fault_; }

 private:
  Fault fault_;
};

}  // namespace parsimony::net
