#include "http/middleware/access_log.h"

#include <chrono>
#include <cstdio>

#include "common/log.h"

namespace parsimony::http {
namespace {

std::string milliseconds_since(std::chrono::steady_clock::time_point start) {
  const std::chrono::duration<double, std::milli> passed = std::chrono::steady_clock::now() - start;
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", passed.count());
  return text;
}

}  // namespace

Middleware access_log() {
  return [](const Request& request, const Handler& next) {
    const auto start = std::chrono::steady_clock::now();
    Response response = next(request);
    log::debug("request", {{"method", request.method},
                           {"path", request.path},
                           {"status", std::to_string(response.status)},
                           {"ms", milliseconds_since(start)},
                           {"requestId", request.id}});
    return response;
  };
}

}  // namespace parsimony::http
