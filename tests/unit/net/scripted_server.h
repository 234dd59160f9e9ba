// A server that does what a test says, byte by byte, plain or with TLS.
#pragma once
#include <openssl/ssl.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

namespace parsimony::net::test {

// One accepted connection. Blocks.
class Peer {
 public:
  Peer(int socket, SSL* tls) : socket_(socket), tls_(tls) {}

  // The next request with its body, by its Content-Length; empty when the client has gone.
  std::string read_request();
  // Until the client closes.
  void wait_for_end();
  void send(std::string_view bytes);

 private:
  // False at the end.
  bool receive();

  int socket_;
  SSL* tls_;
  std::string input_;
};

// Runs `script` for each connection, one after the other, with the number of the connection, from 0. The connection is closed when
// the script returns.
class ScriptedServer {
 public:
  using Script = std::function<void(Peer&, int connection)>;

  // With a context, everything is TLS.
  explicit ScriptedServer(Script script, SSL_CTX* tls = nullptr);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  int port() const { return port_; }
  int connections() const { return connections_; }
  std::string url(const std::string& target = "/", const std::string& host = "127.0.0.1") const {
    return (tls_ ? "https://" : "http://") + host + ":" + std::to_string(port_) + target;
  }

 private:
  void serve();

  Script script_;
  SSL_CTX* tls_;
  int listener_;
  int port_ = 0;
  std::atomic<int> connections_{0};
  std::thread thread_;
};

// "HTTP/1.1 200 OK" with this body and further header lines ("A: b\r\n").
std::string ok(std::string_view body, std::string_view headers = {});

}  // namespace parsimony::net::test
