// Runs one whole request through cpp-httplib and the handler, in memory.
//
// The library reads the request line (method, version, decoded path) and writes the answer. It is not given the query nor the
// headers: its reader decodes percent signs in header values, loses the order and the repeats of query parameters, refuses a
// second '?', and would let Range cut JSON apart. The request's own head holds them as they were sent.
#pragma once
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/request_head.h"
#include "http/server.h"

namespace parsimony::http {

class Responder {
 public:
  // While `stopping` is true, answers tell the client that the connection ends.
  Responder(Handler handler, const std::atomic<bool>& stopping);
  ~Responder();

  // Thread-safe. Appends the answer's bytes to `out`; those of `stream`, when it is set, come behind them. True when the connection may be
  // used again.
  bool answer(const RequestHead& head, std::string_view body, const std::string& remote_address, std::string& out,
              std::optional<BodyStream>& stream) const;

 private:
  class Library;
  std::unique_ptr<Library> library_;
};

}  // namespace parsimony::http
