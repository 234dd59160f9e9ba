#include "unit/net/scripted_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace parsimony::net::test {
namespace {

std::size_t length_of(const std::string& head) {
  const std::size_t at = head.find("\r\nContent-Length: ");
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + 18));
}

}  // namespace

bool Peer::receive() {
  char buffer[4096];
  const auto n = tls_ ? SSL_read(tls_, buffer, sizeof buffer) : ::recv(socket_, buffer, sizeof buffer, 0);
  if (n > 0) input_.append(buffer, static_cast<std::size_t>(n));
  return n > 0;
}

std::string Peer::read_request() {
  std::size_t end;
  while ((end = input_.find("\r\n\r\n")) == std::string::npos) {
    if (!receive()) return {};
  }
  const std::size_t whole = end + 4 + length_of(input_.substr(0, end));
  while (input_.size() < whole) {
    if (!receive()) return {};
  }
  std::string request = input_.substr(0, whole);
  input_.erase(0, whole);
  return request;
}

void Peer::wait_for_end() {
  while (receive()) input_.clear();
}

void Peer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n =
        tls_ ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size())) : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return;  // the client has gone
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

ScriptedServer::ScriptedServer(Script script, SSL_CTX* tls)
    : script_(std::move(script)), tls_(tls), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 16) != 0) throw std::runtime_error("cannot listen");
  ::getsockname(listener_, generic, &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

ScriptedServer::~ScriptedServer() {
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

void ScriptedServer::serve() {
  for (;;) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const int number = connections_++;
    const std::unique_ptr<SSL, void (*)(SSL*)> tls(tls_ ? SSL_new(tls_) : nullptr, SSL_free);
    bool ready = true;
    if (tls) {
      SSL_set_fd(tls.get(), socket);
      ready = SSL_accept(tls.get()) == 1;
    }
    Peer peer(socket, tls.get());
    if (ready) script_(peer, number);
    if (tls && ready) SSL_shutdown(tls.get());
    ::close(socket);
  }
}

std::string ok(std::string_view body, std::string_view headers) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string(headers) + "\r\n" + std::string(body);
}

}  // namespace parsimony::net::test
