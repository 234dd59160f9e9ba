// Requests and answers as a well-behaved client sees them.
#include <catch2/catch.hpp>
#include <stdexcept>
#include <string>
#include <system_error>

#include "unit/http/raw_client.h"
#include "unit/http/test_server.h"

using namespace parsimony::http;
using namespace parsimony::http::test;

TEST_CASE("A connection serves one request after the other") {
  TestServer server;
  RawClient client(server.port);
  for (int i = 0; i < 5; ++i) {
    REQUIRE(client.send(post("/echo", "body " + std::to_string(i))));
    const Answer answer = client.read_answer();
    CHECK(answer.status == 200);
    CHECK(answer.body == "POST /echo||body " + std::to_string(i));
    CHECK(answer.header("content-type") == "application/json; charset=utf-8");
    CHECK_FALSE(answer.headers.contains("connection"));
  }
}

TEST_CASE("Pipelined requests are answered in order") {
  TestServer server;
  RawClient client(server.port);
  std::string all;
  for (int i = 0; i < 300; ++i) all += i % 3 == 0 ? post("/p" + std::to_string(i), std::string(100, 'b')) : get("/g" + std::to_string(i));
  REQUIRE(client.send(all));
  for (int i = 0; i < 300; ++i) {
    const std::string wanted =
        i % 3 == 0 ? "POST /p" + std::to_string(i) + "||" + std::string(100, 'b') : "GET /g" + std::to_string(i) + "||";
    REQUIRE(client.read_answer().body == wanted);
  }
}

TEST_CASE("Requests come whole out of single bytes") {
  TestServer server;
  RawClient client(server.port);
  const std::string chunked =
      "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;ext=1\r\n0123456789\r\n0\r\nT: v\r\n\r\n";
  for (const char c : post("/byte?x=1", "some body") + chunked + get("/last")) REQUIRE(client.send({&c, 1}));
  CHECK(client.read_answer().body == "POST /byte|x=1&|some body");
  CHECK(client.read_answer().body == "POST /c||abc0123456789");
  CHECK(client.read_answer().body == "GET /last||");
}

TEST_CASE("A body of any bytes arrives as sent") {
  TestServer server;
  RawClient client(server.port);
  std::string body;
  for (int i = 0; i < 90'000; ++i) body += static_cast<char>(i * 31);
  REQUIRE(client.send(post("/b", body, "Content-Type: application/x-www-form-urlencoded\r\n")));
  CHECK(client.read_answer().body == "POST /b||" + body);
  REQUIRE(client.send(post("/b", "--x\r\n\r\n--x--", "Content-Type: multipart/form-data; boundary=x\r\n")));
  CHECK(client.read_answer().body == "POST /b||--x\r\n\r\n--x--");
}

TEST_CASE("GET and DELETE may have a body") {
  TestServer server;
  RawClient client(server.port);
  for (const std::string method : {"GET", "DELETE", "PUT", "PATCH"}) {
    REQUIRE(client.send(method + " /m HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"));
    CHECK(client.read_answer().body == method + " /m||{}");
  }
}

TEST_CASE("HEAD is answered without a body") {
  TestServer server;
  RawClient client(server.port);
  REQUIRE(client.send("HEAD /h HTTP/1.1\r\nHost: x\r\n\r\n" + get("/after")));
  const Answer answer = client.read_answer(true);
  CHECK(answer.status == 200);
  CHECK(answer.header("content-length") == std::to_string(std::string("HEAD /h||").size()));
  CHECK_FALSE(answer.headers.contains("accept-ranges"));
  CHECK(client.read_answer().body == "GET /after||");
}

TEST_CASE("Connection: close and HTTP/1.0 end the connection") {
  TestServer server;
  struct Row {
    std::string request;
    bool stays;
    std::string header;
  };
  const Row rows[] = {
      {get("/", "Connection: close\r\n"), false, "close"},
      {get("/", "connection: Upgrade, CLOSE\r\n"), false, "close"},
      {get("/", "Connection: keep-alive\r\n"), true, ""},
      {"GET / HTTP/1.0\r\n\r\n", false, "close"},
      {"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", true, "keep-alive"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.request);
    RawClient client(server.port);
    REQUIRE(client.send(row.request));
    const Answer answer = client.read_answer();
    CHECK(answer.status == 200);
    CHECK(answer.header("connection") == row.header);
    if (!row.stays) {
      CHECK(client.ends());
      continue;
    }
    REQUIRE(client.send(get("/again")));
    CHECK(client.read_answer().status == 200);
  }
}

TEST_CASE("A client that has stopped sending still gets its answers") {
  TestServer server;
  RawClient client(server.port);
  REQUIRE(client.send(get("/one") + get("/two")));
  client.end_sending();
  CHECK(client.read_answer().body == "GET /one||");
  CHECK(client.read_answer().body == "GET /two||");
  CHECK(client.ends());
}

TEST_CASE("The query keeps order, repeats and odd parts") {
  TestServer server;
  RawClient client(server.port);
  const std::pair<std::string, std::string> rows[] = {
      {"/q?b=1&a=2&b=1&flag&e=", "GET /q|b=1&a=2&b=1&flag=&e=&|"},
      {"/q?where=%7B%22a%22%3A1%7D&x=a+b%2Bc", "GET /q|where={\"a\":1}&x=a b+c&|"},
      {"/q?a=b=c&&=v&", "GET /q|a=b=c&=v&|"},
      {"/q?a=1?2#part", "GET /q|a=1?2&|"},
      {"/q?a=%&b=%4&c=%zz&d=%c3%a4&%41=1", "GET /q|a=%&b=%4&c=%zz&d=\xc3\xa4&A=1&|"},
      {"/a%20b%2Fc+d?", "GET /a b/c+d||"},
      {"/a%", "GET /a%||"},
      {"http://host:1/abs?x=1", "GET /abs|x=1&|"},
  };
  for (const auto& [target, wanted] : rows) {
    REQUIRE(client.send(get(target)));
    CHECK(client.read_answer().body == wanted);
  }
}

TEST_CASE("A long query and a long header arrive") {
  ServerLimits limits;
  TestServer server(
      [](const Request& request) {
        Response response;
        response.body = std::to_string(request.query.at(0).second.size()) + " " + std::to_string(request.header("x-long")->size());
        return response;
      },
      limits);
  RawClient client(server.port);
  REQUIRE(client.send(get("/q?where=" + std::string(40'000, 'w'), "X-Long: " + std::string(20'000, 'h') + "\r\n")));
  CHECK(client.read_answer().body == "40000 20000");
}

TEST_CASE("Headers arrive as sent, and none of the library's own") {
  TestServer server([](const Request& request) {
    Response response;
    for (const auto& [name, value] : request.headers) response.body += name + "=" + value + ";";
    response.body += request.remote_address;
    return response;
  });
  RawClient client(server.port);
  REQUIRE(client.send(get("/", "X-Percent: 100%41\r\nx-dup: 1\r\nX-Dup: 2\r\nEmpty:\r\nREMOTE_ADDR: 6.6.6.6\r\nRange: bytes=0-1\r\n")));
  const Answer answer = client.read_answer();
  CHECK(answer.body == "Host=test;X-Percent=100%41;x-dup=1;X-Dup=2;Empty=;REMOTE_ADDR=6.6.6.6;Range=bytes=0-1;127.0.0.1");
}

TEST_CASE("Range changes nothing") {
  TestServer server;
  RawClient client(server.port);
  for (const std::string range : {"bytes=0-1", "bytes=0-1,3-4", "bytes=900-", "nonsense", "bytes=-"}) {
    REQUIRE(client.send(get("/range", "Range: " + range + "\r\n")));
    const Answer answer = client.read_answer();
    CHECK(answer.status == 200);
    CHECK(answer.body == "GET /range||");
  }
}

TEST_CASE("The answer is the handler's") {
  TestServer server([](const Request& request) {
    Response response;
    response.status = request.path == "/none" ? 204 : 201;
    response.content_type = "text/x-test";
    response.headers = {
        {"Location", "http://x/1"}, {"Content-Length", "7"}, {"Transfer-Encoding", "chunked"}, {"X-Split", "a\r\nX-Forged: 1"}};
    response.set_header("location", "http://x/2");
    response.body = "made";
    return response;
  });
  RawClient client(server.port);
  REQUIRE(client.send(post("/", "{}")));
  const Answer answer = client.read_answer();
  CHECK(answer.status == 201);
  CHECK(answer.header("content-type") == "text/x-test");
  CHECK(answer.header("location") == "http://x/2");
  CHECK(answer.header("content-length") == "4");
  CHECK_FALSE(answer.headers.contains("transfer-encoding"));
  CHECK_FALSE(answer.headers.contains("x-forged"));
  CHECK(answer.body == "made");
  REQUIRE(client.send(get("/none") + get("/")));
  CHECK(client.read_answer().status == 204);
  CHECK(client.read_answer().status == 201);
}

TEST_CASE("A handler that throws all the same is answered 500 without its text") {
  TestServer server([](const Request& request) -> Response {
    if (request.path == "/number") throw 42;
    throw std::runtime_error("private");
  });
  RawClient client(server.port);
  for (const std::string path : {"/number", "/text"}) {
    REQUIRE(client.send(get(path)));
    const Answer answer = client.read_answer();
    CHECK(answer.status == 500);
    CHECK(answer.body == R"({"error":"Internal server error."})");
    CHECK(answer.headers.size() == 2);  // type and length
  }
}

TEST_CASE("Requests have ids of their own") {
  TestServer server([](const Request& request) {
    Response response;
    response.body = request.id;
    return response;
  });
  RawClient client(server.port);
  REQUIRE(client.send(get("/") + get("/")));
  const std::string first = client.read_answer().body;
  CHECK(first.size() >= 8);
  CHECK(client.read_answer().body != first);
}

TEST_CASE("Expect: 100-continue is told to go on") {
  TestServer server;
  RawClient client(server.port);
  REQUIRE(client.send("POST /e HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"));
  CHECK(client.read_answer().status == 100);
  REQUIRE(client.send("body"));
  CHECK(client.read_answer().body == "POST /e||body");
  SECTION("but not when its body is too large") {
    REQUIRE(client.send("POST /e HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4000000\r\n\r\n"));
    CHECK(client.read_answer().status == 413);
  }
  SECTION("nor when it did not wait") {
    REQUIRE(client.send("POST /e HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nmore"));
    CHECK(client.read_answer().body == "POST /e||more");
  }
}

TEST_CASE("Servers listen on the addresses that hosts name") {
  for (const std::string host : {"0.0.0.0", "127.0.0.1", "localhost"}) {
    parsimony::WorkerPool workers({.running = 1});
    Server server(say_back, workers, small_limits());
    const int port = server.bind(host, 0);
    server.serve();
    RawClient client(port);
    REQUIRE(client.send(get("/")));
    CHECK(client.read_answer().status == 200);
  }
}

TEST_CASE("A port that is taken is refused with its name") {
  TestServer first;
  parsimony::WorkerPool workers({.running = 1});
  Server second(say_back, workers, small_limits());
  CHECK_THROWS_WITH(second.bind("127.0.0.1", first.port), Catch::Contains("127.0.0.1 port " + std::to_string(first.port)));
  Server third(say_back, workers, small_limits());
  CHECK_THROWS_AS(third.bind("no such host", 0), std::system_error);
}
