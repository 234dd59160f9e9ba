// The transport: sockets, limits, and the workers that run the handler.
//
// One thread accepts and waits in epoll for all connections, so that an idle connection costs no thread. A worker takes a
// connection when bytes are there and gives it back when they end before the request does; it runs the handler only with the
// whole request in memory, and leaves what a slow client does not take to epoll. cpp-httplib reads the request line and writes
// the answer; where a request ends is decided here, strictly. What is refused before the handler sees it is answered with
// {"error":"..."} and the connection is closed.
#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "common/worker_pool.h"
#include "http/message.h"

namespace parsimony::http {

// Another limit for the body of one request that has the header, before its body is read: `of` sees the request line and the headers.
// Nothing: the limit stays. Called on a worker; must not wait nor throw.
struct BodyLimitOverride {
  std::string header;
  std::function<std::optional<std::size_t>(const Request&)> of;
};

struct ServerLimits {
  std::size_t head_bytes = 64 * 1024;              // request line and headers: beyond, 431
  std::size_t body_bytes = 20 * 1024 * 1024;       // beyond, 413; Parse Server's maxUploadSize
  std::size_t buffered_bytes = 256 * 1024 * 1024;  // of all requests being received together; beyond, 503
  std::optional<BodyLimitOverride> body_override;  // never beyond buffered_bytes
  std::size_t connections = 10'000;                // beyond, accepted and closed at once with 503
  std::chrono::seconds request_time{30};           // from the first byte of a request to its last: beyond, 408
  std::chrono::seconds response_time{60};          // for a client to take an answer: beyond, closed
  std::chrono::seconds idle_time{65};              // a connection without a request: beyond, closed silently
};

// Called on a worker; any number at the same time. Should not throw: an exception is logged and answered 500 without its text.
// The transport alone sets Connection, Content-Length and Transfer-Encoding; Range has no effect unless the handler gives it one.
using Handler = std::function<Response(const Request&)>;

class Server {
 public:
  Server(Handler handler, WorkerPool& workers, ServerLimits limits);
  ~Server();  // as stop(), then waits for handlers that outlived the grace
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Takes the address; connections wait. Port 0 picks a free one. Returns the port. Once.
  // Throws std::system_error when the address cannot be had.
  int bind(const std::string& host, int port);
  // Serves what bind() took; nothing calls the handler before. Once.
  void serve();

  // Refuses new connections and requests, lets running ones finish and their answers be sent (at most `grace`), then closes
  // everything. Idempotent. Must not be called from a worker.
  void stop(std::chrono::milliseconds grace = std::chrono::seconds(30));

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace parsimony::http
