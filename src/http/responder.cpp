#include "http/responder.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <exception>
#include <utility>

#include "common/log.h"
#include "common/random.h"
#include "http/httplib_config.h"
#include "http/query_text.h"

namespace parsimony::http {
namespace {

// One request on its way through the library.
struct Exchange {
  const RequestHead& head;
  std::string_view body;
  const std::string& remote_address;
  std::string& out;
  std::optional<BodyStream>& stream;
  bool handled = false;
  bool keep_alive = false;
};

// The library hands its handlers no context of the caller's: this is the exchange of the calling thread.
thread_local Exchange* current = nullptr;

class CurrentExchange {
 public:
  explicit CurrentExchange(Exchange& exchange) : previous_(current) { current = &exchange; }
  ~CurrentExchange() { current = previous_; }
  CurrentExchange(const CurrentExchange&) = delete;
  CurrentExchange& operator=(const CurrentExchange&) = delete;

 private:
  Exchange* previous_;
};

// Gives the library the request line and collects what it writes.
class MemoryStream : public httplib::Stream {
 public:
  MemoryStream(std::string_view input, std::string& out) : input_(input), out_(out) {}

  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  ssize_t read(char* to, size_t size) override {
    const size_t n = std::min(size, input_.size());
    std::memcpy(to, input_.data(), n);
    input_.remove_prefix(n);
    return static_cast<ssize_t>(n);
  }
  ssize_t write(const char* from, size_t size) override {
    out_.append(from, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return INVALID_SOCKET; }

 private:
  std::string_view input_;
  std::string& out_;
};

// Headers that say where an answer ends: only the transport may set them.
bool is_framing(std::string_view name) {
  constexpr std::string_view kNames[] = {"Connection", "Content-Length", "Content-Type", "Keep-Alive", "Transfer-Encoding"};
  return std::any_of(std::begin(kNames), std::end(kNames), [&](std::string_view framing) { return equal_ignoring_case(name, framing); });
}

Request to_request(const httplib::Request& from, const Exchange& exchange, std::string id) {
  Request request;
  request.method = from.method;
  request.path = from.path;
  request.query = parse_query(exchange.head.query);
  request.headers.reserve(exchange.head.headers.size());
  for (const auto& [name, value] : exchange.head.headers) request.headers.emplace_back(name, value);
  request.body = exchange.body;
  request.remote_address = exchange.remote_address;
  request.id = std::move(id);
  return request;
}

void fill(httplib::Response& to, Response&& from) {
  to.status = from.status;
  current->stream = std::move(from.stream);
  if (current->stream) {
    to.set_header("Content-Length", std::to_string(current->stream->size));
  } else {
    to.body = std::move(from.body);
  }
  if (!from.content_type.empty()) to.set_header("Content-Type", from.content_type);
  for (const auto& [name, value] : from.headers) {
    if (!is_framing(name)) to.set_header(name, value);  // which leaves out one with a line break
  }
}

Response plain_error(int status, std::string_view message) {
  Response response;
  response.status = status;
  response.body.append("{\"error\":\"").append(message).append("\"}");
  return response;
}

}  // namespace

class Responder::Library : public httplib::Server {
 public:
  Library(http::Handler handler, const std::atomic<bool>& stopping) : handler_(std::move(handler)), stopping_(stopping) {
    set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) { return run(request, response); });
    set_post_routing_handler([this](const httplib::Request& request, httplib::Response& response) { finish(request, response); });
    set_error_handler(HandlerWithResponse([](const httplib::Request&, httplib::Response& response) { return explain(response); }));
  }

  bool answer(Exchange& exchange) {
    const CurrentExchange scope(exchange);
    std::string line;
    line.reserve(exchange.head.method.size() + exchange.head.path.size() + 16);
    line.append(exchange.head.method).append(" ").append(exchange.head.path);
    line.append(exchange.head.http_1_0 ? " HTTP/1.0\r\n\r\n" : " HTTP/1.1\r\n\r\n");
    MemoryStream stream(line, exchange.out);
    bool closed = false;
    // Always told to close: that spares a Keep-Alive header, and finish() says what is true.
    return process_request(stream, true, closed, nullptr) && exchange.keep_alive;
  }

 private:
  HandlerResponse run(const httplib::Request& request, httplib::Response& response) {
    current->handled = true;
    try {
      fill(response, handler_(to_request(request, *current, next_id())));
    } catch (const std::exception& accident) {
      fill(response, failed_handler(accident.what()));
    } catch (...) {
      fill(response, failed_handler("something that is no std::exception"));
    }
    return HandlerResponse::Handled;
  }

  static Response failed_handler(std::string cause) {
    log::error("A handler failed", {{"cause", std::move(cause)}});
    return plain_error(500, "Internal server error.");
  }

  // What the library refuses by itself (an unknown method) gets a body like the gate's own refusals.
  static HandlerResponse explain(httplib::Response& response) {
    if (current->handled) return HandlerResponse::Unhandled;
    fill(response, plain_error(400, "The request method is not known."));
    return HandlerResponse::Handled;
  }

  // Just before the headers are written.
  void finish(const httplib::Request& request, httplib::Response& response) const {
    current->keep_alive = current->handled && current->head.keep_alive && !stopping_.load(std::memory_order_relaxed);
    if (current->keep_alive) {
      response.headers.erase("Connection");
      if (current->head.http_1_0) response.set_header("Connection", "keep-alive");
    }
    if (request.method == "HEAD") {
      response.headers.erase("Accept-Ranges");  // set by the library, which knows nothing of ours
      current->stream.reset();
    }
    if (response.status == 204 || response.status == 304) {
      response.headers.erase("Content-Length");
      response.body.clear();
      current->stream.reset();
    }
  }

  std::string next_id() {
    char digits[17];
    const int length = std::snprintf(digits, sizeof digits, "%llx", static_cast<unsigned long long>(++requests_));
    return id_prefix_ + std::string(digits, static_cast<std::size_t>(length));
  }

  const http::Handler handler_;
  const std::atomic<bool>& stopping_;
  const std::string id_prefix_ = random_hex(3) + "-";
  std::atomic<unsigned long long> requests_{0};
};

Responder::Responder(Handler handler, const std::atomic<bool>& stopping)
    : library_(std::make_unique<Library>(std::move(handler), stopping)) {}
Responder::~Responder() = default;

bool Responder::answer(const RequestHead& head, std::string_view body, const std::string& remote_address, std::string& out,
                       std::optional<BodyStream>& stream) const {
  Exchange exchange{head, body, remote_address, out, stream};
  return library_->answer(exchange);
}

}  // namespace parsimony::http
