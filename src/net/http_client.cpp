#include "net/http_client.h"

#include <openssl/evp.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "common/worker_pool.h"
#include "net/connection.h"
#include "net/inflate.h"
#include "net/kept_connections.h"
#include "net/redirect.h"
#include "net/url.h"

namespace parsimony::net {
namespace {

constexpr std::size_t kReadBytes = 16 * 1024;

std::string base64(const std::string& text) {
  std::string out(4 * ((text.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

bool is_set_here(std::string_view name) {
  constexpr std::string_view kNames[] = {"Host", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade",
                                         "TE",   "Expect"};
  return std::any_of(std::begin(kNames), std::end(kNames), [&](std::string_view known) { return equal_ignoring_case(known, name); });
}

void require_header(const Header& header) {
  if (!is_token(header.first)) throw NetError(Fault::BadRequest, "a header has a name that is none");
  if (header.second.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
    throw NetError(Fault::BadRequest, "the header " + header.first + " holds control characters");
  }
}

Step first_step(const HttpCall& call) {
  Step step{call.method, parse_url(call.url), {}, call.body};
  if (!is_token(step.method) || step.method == "CONNECT" || step.method == "TRACE") {
    throw NetError(Fault::BadRequest, "the method cannot be called");
  }
  for (const Header& header : call.headers) {
    require_header(header);
    if (!is_set_here(header.first)) step.headers.push_back(header);
  }
  return step;
}

std::string head_text(const Step& step) {
  std::string text = step.method + " " + step.url.target + " HTTP/1.1\r\nHost: " + step.url.authority() + "\r\n";
  const auto add = [&](std::string_view name, std::string_view value) { ((((text += name) += ": ") += value) += "\r\n"); };
  const auto add_missing = [&](std::string_view name, std::string_view value) {
    if (!find_header(step.headers, name)) add(name, value);
  };
  for (const auto& [name, value] : step.headers) add(name, value);
  add_missing("Accept", "*/*");
  add_missing("Accept-Encoding", "gzip");
  add_missing("User-Agent", "parsimony");
  if (!step.url.user.empty()) add_missing("Authorization", "Basic " + base64(step.url.user));
  const bool expects_body = step.method == "POST" || step.method == "PUT" || step.method == "PATCH";
  if (!step.body.empty() || expects_body) add("Content-Length", std::to_string(step.body.size()));
  return text + "\r\n";
}

bool may_repeat(const std::string& method) {
  constexpr std::string_view kMethods[] = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"};
  return std::find(std::begin(kMethods), std::end(kMethods), method) != std::end(kMethods);
}

// Sends the request and reads the answer. A peer that refuses early may close before it has read everything: its answer counts.
AnswerReader exchange(Connection& connection, const Step& step, std::size_t max_bytes, const Patience& patience) {
  std::optional<NetError> unsent;
  try {
    connection.write(head_text(step), patience);
    connection.write(step.body, patience);
  } catch (const NetError& error) {
    if (error.fault() != Fault::Unreachable) throw;
    unsent = error;
  }
  AnswerReader reader(step.method == "HEAD", max_bytes);
  char buffer[kReadBytes];
  while (!reader.is_whole()) {
    patience.check();
    std::size_t received = 0;
    try {
      received = connection.read(buffer, sizeof buffer, patience);
    } catch (const NetError& error) {
      if (unsent && error.fault() == Fault::Unreachable) throw *unsent;
      throw;
    }
    received > 0 ? reader.take({buffer, received}) : reader.end();
  }
  return reader;
}

Connection connect(const Url& url, const AddressGuard& guard, std::chrono::milliseconds time, const Patience& patience) {
  try {
    Connection connection = Connection::open(url.host, url.port, guard, patience.at_most(time));
    if (url.is_https) connection.start_tls(url.host, patience.at_most(time));
    return connection;
  } catch (const NetError& error) {
    if (error.fault() != Fault::TimedOut) throw;
    throw NetError(Fault::TimedOut, "no connection to " + url.authority() + " within " + std::to_string(time.count()) + " ms");
  }
}

HttpAnswer to_answer(AnswerReader& reader, Url url, bool redirected, std::size_t max_bytes) {
  const AnswerHead& head = reader.head();
  url.user.clear();
  HttpAnswer answer{head.status, head.reason, url.text(), redirected, head.headers, reader.take_body()};
  const std::string* encoding = answer.header("Content-Encoding");
  if (encoding && can_inflate(*encoding)) answer.body = inflate(answer.body, max_bytes);
  return answer;
}

// One call with its steps.
class Journey {
 public:
  Journey(const HttpCall& call, const AddressGuard& guard, KeptConnections& kept, const CancelFlag* cancel)
      : call_(call), guard_(guard), kept_(kept), patience_{Clock::now() + call.total_time, cancel}, step_(first_step(call)) {}

  HttpAnswer run() {
    try {
      for (int followed = 0;; ++followed) {
        AnswerReader reader = ask();
        const bool leads_on = is_redirect(reader.head()) && call_.redirects != Redirects::Manual;
        if (!leads_on) return to_answer(reader, step_.url, followed > 0, call_.max_answer_bytes);
        require_may_follow(followed);
        follow(step_, reader.head());
      }
    } catch (const NetError& error) {
      const bool is_over = error.fault() == Fault::TimedOut && Clock::now() >= patience_.deadline;
      if (!is_over) throw;
      throw NetError(Fault::TimedOut,
                     "no answer from " + step_.url.authority() + " within " + std::to_string(call_.total_time.count()) + " ms");
    }
  }

 private:
  void require_may_follow(int followed) const {
    if (call_.redirects == Redirects::Refuse) throw NetError(Fault::Redirected, "the answer is a redirect, which is not allowed");
    if (followed < call_.max_redirects) return;
    throw NetError(Fault::Redirected, "the answer is a redirect, after " + std::to_string(followed) + " others");
  }

  AnswerReader ask() {
    patience_.check();
    if (auto connection = kept_.take(step_.url)) {
      try {
        return ask(std::move(*connection));
      } catch (const NetError& error) {
        if (error.fault() != Fault::Unreachable || !may_repeat(step_.method)) throw;
      }
    }
    return ask(connect(step_.url, guard_, call_.connect_time, patience_));
  }

  AnswerReader ask(Connection connection) {
    AnswerReader reader = exchange(connection, step_, call_.max_answer_bytes, patience_);
    if (reader.may_reuse()) kept_.put(step_.url, std::move(connection));
    return reader;
  }

  const HttpCall& call_;
  const AddressGuard& guard_;
  KeptConnections& kept_;
  const Patience patience_;
  Step step_;
};

}  // namespace

HttpClient::HttpClient(AddressGuard guard) : guard_(std::move(guard)), kept_(std::make_unique<KeptConnections>()) {}
HttpClient::~HttpClient() = default;

HttpAnswer HttpClient::send(const HttpCall& call, const CancelFlag* cancel) const {
  Journey journey(call, guard_, *kept_, cancel);
  const WaitingScope waiting;
  return journey.run();
}

}  // namespace parsimony::net
