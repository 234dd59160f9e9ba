// What the gate refuses by itself, and that the client can read why.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "unit/http/raw_client.h"
#include "unit/http/test_server.h"

using namespace parsimony::http;
using namespace parsimony::http::test;

namespace {

const std::string kHost = "Host: x\r\n";

void check_refused(TestServer& server, const std::string& bytes, int status) {
  CAPTURE(bytes.substr(0, 200));
  RawClient client(server.port);
  client.send(bytes);
  const Answer answer = client.read_answer();
  CHECK(answer.status == status);
  CHECK(answer.body.substr(0, 10) == "{\"error\":\"");
  CHECK(answer.header("content-type") == "application/json; charset=utf-8");
  CHECK(answer.header("connection") == "close");
  CHECK(client.ends());
}

}  // namespace

TEST_CASE("Heads that can be read in two ways are refused") {
  int handled = 0;
  TestServer server([&](const Request& request) {
    ++handled;
    return say_back(request);
  });
  const std::string chunks = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
  const std::vector<std::string> rows = {
      "POST / HTTP/1.1\r\n" + kHost + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks,
      "POST / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n" + chunks,
      "POST / HTTP/1.1\r\n" + kHost + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n123456",
      "POST / HTTP/1.1\r\n" + kHost + "Content-Length: 5\r\nContent-Length: 5\r\n\r\n12345",
      "POST / HTTP/1.1\r\n" + kHost + "Content-Length: 5, 5\r\n\r\n12345",
      "POST / HTTP/1.1\r\n" + kHost + "Content-Length: +5\r\n\r\n12345",
      "POST / HTTP/1.1\r\n" + kHost + "Content-Length: -5\r\n\r\n12345",
      "POST / HTTP/1.1\r\n" + kHost + "Content-Length: 0x5\r\n\r\n12345",
      "POST / HTTP/1.1\r\n" + kHost + "Content-Length: 5 5\r\n\r\n12345",
      "POST / HTTP/1.1\r\n" + kHost + "Content-Length:\r\n\r\n12345",
      "POST / HTTP/1.1\r\n" + kHost + "Content-Length: 99999999999999999999999\r\n\r\n12345",
      "POST / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: gzip, chunked\r\n\r\n" + chunks,
      "POST / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: xchunked\r\n\r\n" + chunks,
      "POST / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks,
      "POST / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n" + chunks,
      "POST / HTTP/1.1\r\n" + kHost + "Transfer-Encoding : chunked\r\n\r\n" + chunks,
      "POST / HTTP/1.1\r\n" + kHost +
          "Transfer-Encoding:\x0b"
          "chunked\r\n\r\n" +
          chunks,
      "POST / HTTP/1.0\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n" + chunks,
      "POST / HTTP/1.1\r\n" + kHost + "X: y\r\n Content-Length: 5\r\n\r\n12345",
      "POST / HTTP/1.1\r\n" + kHost + "X: y\r\n\tfolded\r\n\r\n",
      "GET / HTTP/1.1\r\n" + kHost + "X: y\rContent-Length: 5\r\n\r\n",
      "GET / HTTP/1.1\r\n" + kHost + "X: y\nContent-Length: 5\r\n\r\n",
      "GET / HTTP/1.1\n" + kHost + "\r\n",
      "GET / HTTP/1.1\r\nHost: x\r\n\n",
      "GET / HTTP/1.1\r\n" + kHost + std::string("X: a\0b\r\n\r\n", 10),
      "GET / HTTP/1.1\r\n" + kHost + "no colon\r\n\r\n",
      "GET / HTTP/1.1\r\n" + kHost + ": no name\r\n\r\n",
      "GET / HTTP/1.1\r\n" + kHost + "bad name: v\r\n\r\n",
      "GET / HTTP/1.1\r\n" + kHost + kHost + "\r\n",
      "GET / HTTP/1.1\r\n\r\n",
  };
  for (const std::string& row : rows) check_refused(server, row, 400);
  CHECK(handled == 0);
}

TEST_CASE("Request lines that are none are refused") {
  TestServer server;
  const std::vector<std::string> rows = {
      "GET  / HTTP/1.1\r\n",
      "GET / / HTTP/1.1\r\n",
      "GET /\r\n",
      "GET\r\n",
      " GET / HTTP/1.1\r\n",
      "GET / HTTP/1.1 \r\n",
      "GET / HTTP/2.0\r\n",
      "PRI * HTTP/2.0\r\n",
      "GET / http/1.1\r\n",
      "GET a HTTP/1.1\r\n",
      "CONNECT x:1 HTTP/1.1\r\n",
      "G\xc3\xa4T / HTTP/1.1\r\n",
      "PURGE / HTTP/1.1\r\n",
      "get / HTTP/1.1\r\n",
      "GET /a\tb HTTP/1.1\r\n",
      "GET https://x/ HTTP/1.1\r\n",
      "\x16\x03\x01\x02\r\n",
  };
  for (const std::string& row : rows) check_refused(server, row + kHost + "\r\n", 400);
  check_refused(server, get("/?" + std::string(1000, '&')), 400);
}

TEST_CASE("Empty lines before a request are passed over") {
  TestServer server;
  RawClient client(server.port);
  REQUIRE(client.send("\r\n\r\n" + get("/a") + "\r\n" + get("/b")));
  CHECK(client.read_answer().body == "GET /a||");
  CHECK(client.read_answer().body == "GET /b||");
}

TEST_CASE("Chunks that are none are refused, wherever the bytes are cut") {
  TestServer server;
  const std::string head = "POST / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n";
  const std::vector<std::string> rows = {
      "x\r\n",       "\r\n",       "-1\r\n", "0x1\r\na\r\n", "1 \r\na\r\n",     " 1\r\na\r\n",     "1\na\r\n0\r\n",
      "1\r\nab\r\n", "1\r\na\n\n", "\n",     "1\r\r\na",     "1;x\ry\r\na\r\n", "1\r\na0\r\n\r\n", "0\r\nX: \ry\r\n\r\n"};
  for (const std::string& row : rows) {
    check_refused(server, head + row, 400);
    CAPTURE(row);
    RawClient client(server.port);
    for (const char c : head + row) {
      if (!client.send({&c, 1})) break;
    }
    CHECK(client.read_answer().status == 400);
  }
  check_refused(server, head + "fffffffff\r\n", 413);
  check_refused(server, head + "ffffffffffffffffffffffff\r\n", 413);
  check_refused(server, head + "1;" + std::string(2000, 'e'), 400);
  check_refused(server, head + "0\r\n" + std::string(50'000, 't'), 431);
  std::string trailers = "0\r\n";
  for (int i = 0; i < 1000; ++i) trailers += "T: value\r\n";
  check_refused(server, head + trailers + "\r\n", 431);
}

TEST_CASE("A head beyond the limit is refused with 431") {
  TestServer server;
  check_refused(server, "GET /" + std::string(5000, 'a'), 431);
  check_refused(server, get("/" + std::string(5000, 'a')), 431);
  check_refused(server, get("/", "X: " + std::string(5000, 'a') + "\r\n"), 431);
  check_refused(server, std::string(5000, '\n').insert(0, "GET / HTTP/1.1\r\n"), 400);
  std::string headers;
  for (int i = 0; i < 300; ++i) headers += "a:b\r\n";
  check_refused(server, get("/", headers), 431);
  std::string endless = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 20'000; ++i) endless += "X-Header: value\r\n";
  check_refused(server, endless, 431);
}

TEST_CASE("A body beyond the limit is refused with 413, which a client that sends it all first can read") {
  TestServer server;
  check_refused(server, post("/", std::string(100'001, 'b')), 413);
  check_refused(server, post("/", std::string(8'000'000, 'b')), 413);
  std::string chunked = "POST / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 200; ++i) chunked += "1000\r\n" + std::string(4096, 'c') + "\r\n";
  check_refused(server, chunked, 413);
  RawClient client(server.port);
  REQUIRE(client.send(post("/", std::string(100'000, 'b'))));
  CHECK(client.read_answer().status == 200);
}

TEST_CASE("Bodies beyond the memory for all are refused with 503, and the memory comes back") {
  ServerLimits limits = small_limits();
  limits.buffered_bytes = 150'000;
  TestServer server(say_back, limits);
  const std::string large = post("/", std::string(90'000, 'b'));
  const std::string all_but_last = large.substr(0, large.size() - 1);
  {
    // Which are refused depends on whose bytes come first; there is room for one, or for none when two stand in each other's way.
    std::vector<RawClient> clients;
    for (int i = 0; i < 20; ++i) REQUIRE(clients.emplace_back(server.port).send(all_but_last));
    std::size_t refused = 0;
    while (refused < clients.size() - 1) {
      refused = 0;
      for (RawClient& client : clients) refused += client.has_bytes(std::chrono::milliseconds(1)) ? 1 : 0;
    }
    for (RawClient& client : clients) {
      if (!client.has_bytes(std::chrono::milliseconds(1))) continue;
      const Answer refusal = client.read_answer();
      CHECK(refusal.status == 503);
      CHECK(refusal.header("retry-after") == "1");
    }
  }
  // The memory of a connection that has gone comes back when the server sees that.
  int status = 503;
  while (status == 503) {
    RawClient later(server.port);
    REQUIRE(later.send(large));
    status = later.read_answer().status;
  }
  CHECK(status == 200);
}

TEST_CASE("Connections beyond the limit are told so and closed") {
  ServerLimits limits = small_limits();
  limits.connections = 3;
  TestServer server(say_back, limits);
  std::vector<RawClient> held;
  for (int i = 0; i < 3; ++i) {
    held.emplace_back(server.port);
    REQUIRE(held.back().send(get("/")));
    REQUIRE(held.back().read_answer().status == 200);
  }
  {
    RawClient fourth(server.port);
    fourth.send(get("/"));
    const Answer answer = fourth.read_answer();
    CHECK(answer.status == 503);
    CHECK(answer.header("retry-after") == "1");
    CHECK(fourth.ends());
  }
  held.pop_back();
  int status = 503;
  for (int tries = 0; tries < 1000 && status != 200; ++tries) {  // until the server has seen the end of the third
    RawClient again(server.port);
    again.send(get("/"));
    status = again.read_answer().status;
  }
  CHECK(status == 200);
}

TEST_CASE("When every worker waits, requests get 503 and the server recovers") {
  Barrier barrier;
  TestServer server(
      [&](const Request& request) {
        if (request.path != "/wait") return say_back(request);
        const parsimony::WaitingScope scope;
        barrier.pass();
        return say_back(request);
      },
      small_limits(), {.running = 1, .max_waiting = 2});
  std::vector<RawClient> waiting;
  for (int i = 0; i < 3; ++i) {
    waiting.emplace_back(server.port);
    REQUIRE(waiting.back().send(get("/wait")));
    REQUIRE(barrier.arrived(i + 1));
  }
  RawClient refused(server.port);
  REQUIRE(refused.send(get("/x")));
  const Answer answer = refused.read_answer();
  CHECK(answer.status == 503);
  CHECK(answer.header("retry-after") == "1");
  CHECK(refused.ends());
  barrier.open();
  for (RawClient& client : waiting) CHECK(client.read_answer().status == 200);
  RawClient later(server.port);
  REQUIRE(later.send(get("/x")));
  CHECK(later.read_answer().status == 200);
}
