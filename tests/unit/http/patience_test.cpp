// Clients that are slow, idle or gone, and the end of the server.
#include <sys/resource.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>
#include <future>
#include <string>
#include <vector>

#include "unit/http/raw_client.h"
#include "unit/http/test_server.h"

using namespace parsimony::http;
using namespace parsimony::http::test;
using namespace std::chrono_literals;

namespace {

int threads_of_process() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    if (word == "Threads:") break;
  }
  int count = 0;
  status >> count;
  return count;
}

Response big_answer(const Request& request) {
  if (request.path != "/big") return say_back(request);
  Response response;
  response.body.assign(20'000'000, 'x');
  return response;
}

}  // namespace

TEST_CASE("Slow readers of big answers hold no worker") {
  TestServer server(big_answer, small_limits(), {.running = 1, .max_waiting = 64});
  std::vector<RawClient> slow;
  for (int i = 0; i < 5; ++i) {
    slow.emplace_back(server.port, 4096);
    REQUIRE(slow.back().send(get("/big") + get("/after")));
    REQUIRE(slow.back().has_bytes(20s));
  }
  RawClient quick(server.port);
  REQUIRE(quick.send(get("/quick")));
  CHECK(quick.read_answer().body == "GET /quick||");
  for (RawClient& client : slow) {
    CHECK(client.read_answer().body == std::string(20'000'000, 'x'));
    CHECK(client.read_answer().body == "GET /after||");
  }
}

TEST_CASE("Slow senders hold no worker") {
  TestServer server(say_back, small_limits(), {.running = 1, .max_waiting = 64});
  std::vector<RawClient> slow;
  for (int i = 0; i < 50; ++i) {
    slow.emplace_back(server.port);
    REQUIRE(slow.back().send(i % 2 == 0 ? "GET /slow HTTP/1.1\r\nHost: x\r\nX-"
                                        : "POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n123"));
  }
  for (int i = 0; i < 20; ++i) {
    RawClient quick(server.port);
    REQUIRE(quick.send(get("/quick")));
    REQUIRE(quick.read_answer().status == 200);
  }
  REQUIRE(slow[0].send("A: b\r\n\r\n"));
  CHECK(slow[0].read_answer().body == "GET /slow||");
  REQUIRE(slow[1].send("4567890"));
  CHECK(slow[1].read_answer().body == "POST /slow||1234567890");
}

TEST_CASE("Idle connections cost no thread and no time") {
  const int threads_before = threads_of_process();
  TestServer server;
  std::vector<RawClient> idle;
  for (int i = 0; i < 200; ++i) {
    idle.emplace_back(server.port);
    REQUIRE(idle.back().send(get("/")));
    REQUIRE(idle.back().read_answer().status == 200);
  }
  CHECK(threads_of_process() <= threads_before + 3);  // the hub and two workers
  rusage before{};
  ::getrusage(RUSAGE_SELF, &before);
  CHECK_FALSE(idle[0].has_bytes(1s));
  rusage after{};
  ::getrusage(RUSAGE_SELF, &after);
  CHECK(after.ru_nvcsw - before.ru_nvcsw < 40);
  REQUIRE(idle[77].send(get("/awake")));
  CHECK(idle[77].read_answer().body == "GET /awake||");
}

TEST_CASE("A request that takes too long to arrive gets 408") {
  ServerLimits limits = small_limits();
  limits.request_time = 1s;
  TestServer server(say_back, limits);
  RawClient begun(server.port);
  RawClient dripping(server.port);
  RawClient idle(server.port);
  REQUIRE(begun.send("GET / HT"));
  const auto start = std::chrono::steady_clock::now();
  // A byte now and then does not buy more time.
  while (dripping.send("G") && !dripping.has_bytes(50ms)) REQUIRE(std::chrono::steady_clock::now() - start < 10s);
  CHECK(dripping.read_answer().status == 408);
  CHECK(begun.read_answer().status == 408);
  CHECK(begun.ends());
  CHECK(std::chrono::steady_clock::now() - start > 900ms);
  REQUIRE(idle.send(get("/")));
  CHECK(idle.read_answer().status == 200);
}

TEST_CASE("An idle connection is closed without a word") {
  ServerLimits limits = small_limits();
  limits.idle_time = 1s;
  TestServer server(say_back, limits);
  RawClient fresh(server.port);
  RawClient used(server.port);
  REQUIRE(used.send(get("/")));
  CHECK(used.read_answer().status == 200);
  CHECK(used.ends());
  CHECK(fresh.ends());
}

TEST_CASE("A client that does not take its answer is closed") {
  ServerLimits limits = small_limits();
  limits.response_time = 1s;
  TestServer server(big_answer, limits);
  RawClient client(server.port, 4096);
  REQUIRE(client.send(get("/big")));
  // Nothing is read until the server has given up, which it shows by refusing what is sent.
  const auto start = std::chrono::steady_clock::now();
  while (client.send(get("/")) && std::chrono::steady_clock::now() - start < 20s) std::this_thread::yield();
  CHECK(std::chrono::steady_clock::now() - start < 20s);
  CHECK(client.read_answer().status == 0);
}

TEST_CASE("A handler may take longer than any limit of the transport") {
  ServerLimits limits = small_limits();
  limits.request_time = limits.response_time = limits.idle_time = 1s;
  Barrier barrier;
  TestServer server(
      [&](const Request& request) {
        barrier.pass();
        return say_back(request);
      },
      limits);
  RawClient client(server.port);
  REQUIRE(client.send(get("/long")));
  REQUIRE(barrier.arrived(1));
  CHECK_FALSE(client.has_bytes(2s));
  barrier.open();
  CHECK(client.read_answer().body == "GET /long||");
}

TEST_CASE("Clients that vanish leave nothing behind") {
  ServerLimits limits = small_limits();
  limits.connections = 20;
  TestServer server(say_back, limits);
  for (int i = 0; i < 500; ++i) {
    RawClient client(server.port);
    client.send(i % 2 == 0 ? get("/") : "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n1");
  }
  int status = 503;
  for (int tries = 0; tries < 1000 && status != 200; ++tries) {
    RawClient client(server.port);
    client.send(get("/"));
    status = client.read_answer().status;
  }
  CHECK(status == 200);
}

TEST_CASE("stop() lets running requests finish and refuses the rest") {
  Barrier barrier;
  TestServer server([&](const Request& request) {
    if (request.path == "/long") barrier.pass();
    return say_back(request);
  });
  RawClient running(server.port);
  RawClient idle(server.port);
  RawClient half(server.port);
  REQUIRE(idle.send(get("/")));
  REQUIRE(idle.read_answer().status == 200);
  REQUIRE(half.send("GET / HTTP/1.1\r\n"));
  REQUIRE(running.send(get("/long") + get("/next")));
  REQUIRE(barrier.arrived(1));
  auto stopped = std::async(std::launch::async, [&] { server.server.stop(); });
  CHECK(idle.ends());
  const int refused = half.read_answer().status;
  CHECK((refused == 503 || refused == 0));  // 0: its bytes had not been looked at yet
  CHECK_THROWS(RawClient(server.port));
  CHECK(stopped.wait_for(0s) == std::future_status::timeout);
  barrier.open();
  const Answer answer = running.read_answer();
  CHECK(answer.body == "GET /long||");
  CHECK(answer.header("connection") == "close");
  CHECK(stopped.wait_for(20s) == std::future_status::ready);
  server.server.stop();
}

TEST_CASE("stop() lets a big answer be taken") {
  TestServer server(big_answer);
  RawClient client(server.port, 4096);
  REQUIRE(client.send(get("/big")));
  REQUIRE(client.has_bytes(20s));
  auto stopped = std::async(std::launch::async, [&] { server.server.stop(); });
  CHECK(client.read_answer().body.size() == 20'000'000);
  CHECK(stopped.wait_for(20s) == std::future_status::ready);
}

TEST_CASE("stop() waits no longer than its grace") {
  Barrier barrier;
  TestServer server([&](const Request& request) {
    barrier.pass();
    return say_back(request);
  });
  RawClient client(server.port);
  REQUIRE(client.send(get("/long")));
  REQUIRE(barrier.arrived(1));
  const auto start = std::chrono::steady_clock::now();
  server.server.stop(100ms);
  CHECK(std::chrono::steady_clock::now() - start < 10s);
  barrier.open();
}

TEST_CASE("Many clients at once") {
  TestServer server(say_back, small_limits(), {.running = 4});
  std::vector<std::future<int>> clients;
  for (int c = 0; c < 16; ++c) {
    clients.push_back(std::async(std::launch::async, [&, c] {
      int right = 0;
      RawClient client(server.port);
      for (int i = 0; i < 300; ++i) {
        const std::string body(static_cast<std::size_t>(i * 37 % 5000), static_cast<char>('a' + c));
        if (!client.send(post("/c" + std::to_string(c), body))) break;
        if (client.read_answer().body == "POST /c" + std::to_string(c) + "||" + body) ++right;
      }
      return right;
    }));
  }
  for (auto& client : clients) CHECK(client.get() == 300);
}
