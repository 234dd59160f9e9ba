// What all connections of a server share.
#pragma once
#include <atomic>
#include <chrono>
#include <cstddef>

#include "http/responder.h"
#include "http/server.h"

namespace parsimony::http {

using Clock = std::chrono::steady_clock;

// For a client that was refused, or told that the connection ends, to read that.
inline constexpr std::chrono::seconds kDrainTime{5};

struct Gate {
  Gate(Handler handler, ServerLimits server_limits) : limits(server_limits), responder(std::move(handler), stopping) {}

  const ServerLimits limits;
  std::atomic<bool> stopping{false};
  std::atomic<std::size_t> buffered_bytes{0};  // of all requests being received
  int epoll = -1;
  const Responder responder;
};

}  // namespace parsimony::http
