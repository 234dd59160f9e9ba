// Outgoing HTTP calls: for webhooks, Cloud Code's fetch, mail and push services.
//
// Speaks HTTP/1.1, plain and over TLS with the system's authorities (tls.h). A call blocks its thread: on a worker it opens a
// WaitingScope, so it must not be made while holding a reader connection, a savepoint or a mutex.
#pragma once
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/addresses.h"
#include "net/answer_reader.h"
#include "net/net_error.h"
#include "net/patience.h"

namespace parsimony::net {

class KeptConnections;

enum class Redirects {
  Follow,
  Manual,  // the redirect is the answer
  Refuse,  // NetError Redirected
};

struct HttpCall {
  std::string method = "GET";
  std::string url;  // http or https; "user:password@" becomes Basic authorization
  // Host, Content-Length, Transfer-Encoding and Connection are set here alone; such headers are left out.
  std::vector<Header> headers;
  std::string body;
  std::chrono::milliseconds connect_time{10'000};  // name, connection and TLS, for each address that is called
  std::chrono::milliseconds total_time{30'000};    // from begin to end, redirects included
  Redirects redirects = Redirects::Follow;
  int max_redirects = 10;
  std::size_t max_answer_bytes = 16 * 1024 * 1024;  // as sent, and again after decompression
};

struct HttpAnswer {
  int status = 0;
  std::string reason;
  std::string url;  // the one that answered; without user and password
  bool redirected = false;
  std::vector<Header> headers;  // in the order sent
  std::string body;             // decompressed

  const std::string* header(std::string_view name) const { return find_header(headers, name); }
};

// Connections that can be used again are kept for a few seconds. Thread-safe.
class HttpClient {
 public:
  explicit HttpClient(AddressGuard guard = {});
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Any HTTP status is an answer. A redirect is followed as browsers do: 303, and 301 and 302 to a POST, become GET without a body;
  // headers that may hold secrets (Authorization, Cookie, everything named after keys, tokens and sessions) stay behind when it leads to
  // another origin. A request is sent a second time only over a connection that had been kept and had ended meanwhile, and only when its
  // method may be repeated. Throws NetError.
  HttpAnswer send(const HttpCall& call, const CancelFlag* cancel = nullptr) const;

 private:
  const AddressGuard guard_;
  const std::unique_ptr<KeptConnections> kept_;
};

}  // namespace parsimony::net
