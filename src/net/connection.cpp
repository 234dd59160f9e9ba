#include "net/connection.h"

#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <utility>

#include "net/net_error.h"
#include "net/tls.h"

namespace parsimony::net {
namespace {

std::string place(const std::string& host, int port) {
  return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(port);
}

std::string system_text(int error) { return std::error_code(error, std::generic_category()).message(); }

[[noreturn]] void broken(int error) { throw NetError(Fault::Unreachable, "the connection broke: " + system_text(error)); }

int make_socket(int family) {
  const int socket = ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  if (socket >= 0) ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

// 0, or the system's error.
int connect(int socket, const Address& address, const Patience& patience) {
  if (socket < 0) return errno;
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address.storage), address.size) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  try {
    patience.wait_for(socket, POLLOUT);
  } catch (const NetError& error) {
    if (error.fault() != Fault::TimedOut) throw;
    return ETIMEDOUT;  // the next address may answer
  }
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

}  // namespace

Connection Connection::open(const std::string& host, int port, const AddressGuard& guard, const Patience& patience) {
  const std::vector<Address> addresses = resolve(host, port, patience);
  int error = 0;
  auto left = static_cast<int>(addresses.size());
  bool any_allowed = false;
  for (const Address& address : addresses) {
    const Clock::duration share = (patience.deadline - Clock::now()) / left--;
    if (guard && !guard(address.text())) continue;
    any_allowed = true;
    Connection connection(make_socket(address.family()));
    error = connect(connection.socket_, address, patience.at_most(share));
    if (error == 0) return connection;
    patience.check();
  }
  if (!any_allowed) throw NetError(Fault::Forbidden, "calls to " + place(host, port) + " are not allowed: the address is a private one");
  throw NetError(Fault::Unreachable, "cannot connect to " + place(host, port) + ": " + system_text(error));
}

void Connection::FreeTls::operator()(ssl_st* tls) const { SSL_free(tls); }

Connection::Connection(Connection&& other) noexcept : socket_(std::exchange(other.socket_, -1)), tls_(std::move(other.tls_)) {}

Connection& Connection::operator=(Connection&& other) noexcept {
  std::swap(socket_, other.socket_);
  std::swap(tls_, other.tls_);
  return *this;
}

Connection::~Connection() {
  if (socket_ < 0) return;
  tls_.reset();
  ::close(socket_);
}

void Connection::start_tls(const std::string& host, const Patience& patience) {
  tls_.reset(make_tls(socket_, host));
  for (;;) {
    ERR_clear_error();
    const int result = SSL_connect(tls_.get());
    if (result == 1) return;
    const int why = SSL_get_error(tls_.get(), result);
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) {
      patience.wait_for(socket_, why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT);
    } else {
      throw NetError(Fault::Untrusted, "no TLS with " + host + ": " + tls_failure(*tls_));
    }
  }
}

void Connection::wait_for_tls(int result, const Patience& patience) {
  switch (SSL_get_error(tls_.get(), result)) {
    case SSL_ERROR_WANT_READ: return patience.wait_for(socket_, POLLIN);
    case SSL_ERROR_WANT_WRITE: return patience.wait_for(socket_, POLLOUT);
    default: throw NetError(Fault::Unreachable, "the connection broke: " + tls_failure(*tls_));
  }
}

void Connection::write(std::string_view bytes, const Patience& patience) {
  while (!bytes.empty()) {
    if (tls_) {
      ERR_clear_error();
      const int size = static_cast<int>(std::min<std::size_t>(bytes.size(), std::numeric_limits<int>::max()));
      const int sent = SSL_write(tls_.get(), bytes.data(), size);
      if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
      if (sent <= 0) wait_for_tls(sent, patience);
      continue;
    }
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      patience.wait_for(socket_, POLLOUT);
    } else if (errno != EINTR) {
      broken(errno);
    }
  }
}

std::size_t Connection::read(char* to, std::size_t size, const Patience& patience) {
  for (;;) {
    if (tls_) {
      ERR_clear_error();
      const int received = SSL_read(tls_.get(), to, static_cast<int>(std::min<std::size_t>(size, std::numeric_limits<int>::max())));
      if (received > 0) return static_cast<std::size_t>(received);
      if (SSL_get_error(tls_.get(), received) == SSL_ERROR_ZERO_RETURN) return 0;
      wait_for_tls(received, patience);
      continue;
    }
    const ssize_t received = ::recv(socket_, to, size, 0);
    if (received >= 0) return static_cast<std::size_t>(received);
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      patience.wait_for(socket_, POLLIN);
    } else if (errno != EINTR) {
      broken(errno);
    }
  }
}

bool Connection::is_idle() const {
  pollfd watched{socket_, POLLIN, 0};
  return ::poll(&watched, 1, 0) == 0 && (!tls_ || SSL_pending(tls_.get()) == 0);
}

}  // namespace parsimony::net
