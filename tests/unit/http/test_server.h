// A server for one test: its handler says back what it was asked, so that tests see what reached it.
#pragma once
#include <condition_variable>
#include <mutex>
#include <string>

#include "http/server.h"

namespace parsimony::http::test {

// Holds back whoever passes until it is opened.
class Barrier {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    ++arrived_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return open_; });
  }
  bool arrived(int wanted) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return arrived_ >= wanted; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int arrived_ = 0;
  bool open_ = false;
};

// "POST /path|a=1&b=|body": method, path, query parts as decoded, body.
inline Response say_back(const Request& request) {
  Response response;
  response.body = request.method + " " + request.path + "|";
  for (const auto& [name, value] : request.query) response.body += name + "=" + value + "&";
  response.body += "|";
  response.body += request.body;
  return response;
}

inline ServerLimits small_limits() {
  ServerLimits limits;
  limits.head_bytes = 4096;
  limits.body_bytes = 100'000;
  return limits;
}

struct TestServer {
  explicit TestServer(Handler handler = say_back, ServerLimits limits = small_limits(), WorkerPool::Limits pool = {.running = 2})
      : workers(pool), server(std::move(handler), workers, limits), port(server.bind("127.0.0.1", 0)) {
    server.serve();
  }

  WorkerPool workers;
  Server server;
  int port;
};

}  // namespace parsimony::http::test
