#include "net/http_client.h"

#include <catch2/catch.hpp>
#include <future>
#include <optional>
#include <thread>

#include "net/inflate.h"
#include "unit/net/scripted_server.h"

using namespace parsimony::net;
using namespace parsimony::net::test;
using namespace std::chrono_literals;

namespace {

HttpCall get(const std::string& url) {
  HttpCall call;
  call.url = url;
  return call;
}

std::optional<NetError> error_of(const HttpCall& call, const HttpClient& client = HttpClient(), const CancelFlag* cancel = nullptr) {
  try {
    client.send(call, cancel);
    return std::nullopt;
  } catch (const NetError& error) {
    return error;
  }
}

// Answers every request with what `answer` makes of it.
ScriptedServer::Script answering(std::function<std::string(const std::string&)> answer) {
  return [answer](Peer& peer, int) {
    for (std::string request; !(request = peer.read_request()).empty();) peer.send(answer(request));
  };
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string redirect_to(const std::string& location, int status = 302) {
  return "HTTP/1.1 " + std::to_string(status) + " Found\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n";
}

// "hello hello hello hello", compressed by gzip.
const std::string kGzip("\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x57\xc8\x40\x27\x01\xe3\x51\x3d\x8d\x17\x00\x00\x00",
                        28);

}  // namespace

TEST_CASE("a call carries what it is given") {
  ScriptedServer server(answering([](const std::string& request) { return ok(request, "X-Twice: 1\r\nX-Twice: 2\r\n"); }));
  HttpCall call = get(server.url("/a b?c=d#e"));
  call.method = "POST";
  call.body = "{}";
  call.headers = {
      {"Content-Type", "application/json"}, {"X-Own", "yes"}, {"Host", "evil"}, {"content-length", "7"}, {"Transfer-Encoding", "chunked"}};
  const HttpAnswer answer = HttpClient().send(call);
  CHECK(answer.status == 200);
  CHECK(answer.reason == "OK");
  CHECK(answer.url == server.url("/a%20b?c=d"));
  CHECK_FALSE(answer.redirected);
  CHECK(answer.body ==
        "POST /a%20b?c=d HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
            "\r\nContent-Type: application/json\r\nX-Own: yes\r\nAccept: */*\r\nAccept-Encoding: gzip\r\nUser-Agent: parsimony\r\n"
            "Content-Length: 2\r\n\r\n{}");
  CHECK(answer.headers == std::vector<Header>{{"Content-Length", std::to_string(answer.body.size())}, {"X-Twice", "1"}, {"X-Twice", "2"}});
}

TEST_CASE("user and password of a URL become Basic authorization") {
  ScriptedServer server(answering([](const std::string& request) { return ok(request); }));
  const HttpAnswer answer = HttpClient().send(get(server.url("/", "me:secret@127.0.0.1")));
  CHECK(has(answer.body, "Authorization: Basic bWU6c2VjcmV0\r\n"));
  CHECK_FALSE(has(answer.url, "secret"));
}

TEST_CASE("bad calls are refused before anything is sent") {
  ScriptedServer server([](Peer&, int) {});
  HttpCall call = get(server.url());
  SECTION("a line break in a value") { call.headers = {{"A", "b\r\nC: d"}}; }
  SECTION("a zero byte in a value") { call.headers = {{"A", std::string("b\0c", 3)}}; }
  SECTION("a blank in a name") { call.headers = {{"A b", "c"}}; }
  SECTION("a line break in the method") { call.method = "GET / HTTP/1.1\r\n"; }
  SECTION("no method") { call.method = ""; }
  SECTION("CONNECT") { call.method = "CONNECT"; }
  SECTION("another protocol") { call.url = "file:///etc/passwd"; }
  const auto error = error_of(call);
  REQUIRE(error);
  CHECK(error->fault() == Fault::BadRequest);
  CHECK(server.connections() == 0);
}

TEST_CASE("compressed answers") {
  SECTION("come as what they were") {
    ScriptedServer server(answering([](const std::string&) { return ok(kGzip, "Content-Encoding: gzip\r\n"); }));
    CHECK(HttpClient().send(get(server.url())).body == "hello hello hello hello");
  }
  SECTION("are refused when they become too large") {
    CHECK(inflate(kGzip, 23).size() == 23);
    CHECK_THROWS_AS(inflate(kGzip, 22), NetError);
  }
  SECTION("are refused when they are damaged or cut off") {
    CHECK_THROWS_AS(inflate("no gzip", 100), NetError);
    CHECK_THROWS_AS(inflate(kGzip.substr(0, 15), 100), NetError);
  }
}

TEST_CASE("redirects") {
  ScriptedServer target(answering([](const std::string& request) { return ok(request); }));
  const int status = GENERATE(301, 302, 303, 307, 308);
  ScriptedServer server(answering([&](const std::string& request) {
    return has(request, " /start ") ? redirect_to(target.url("/end"), status)
           : has(request, " /own ") ? redirect_to("here?x", status)
                                    : ok(request);
  }));
  HttpCall call = get(server.url("/start"));
  call.method = "POST";
  call.body = "body";
  call.headers = {{"Authorization", "a"}, {"Cookie", "b"},  {"X-Parse-Master-Key", "c"},   {"X-Parse-Session-Token", "d"},
                  {"X-Api-Key", "e"},     {"X-Plain", "f"}, {"Content-Type", "text/plain"}};
  SECTION("leave secrets behind at another origin") {
    const HttpAnswer answer = HttpClient().send(call);
    CHECK(answer.url == target.url("/end"));
    CHECK(answer.redirected);
    CHECK(has(answer.body, "X-Plain: f"));
    for (const char* name : {"Authorization", "Cookie", "Master-Key", "Session-Token", "Api-Key"}) CHECK_FALSE(has(answer.body, name));
    const bool stays_post = status >= 307;
    CHECK(has(answer.body, stays_post ? "POST /end" : "GET /end"));
    CHECK(has(answer.body, "\r\n\r\nbody") == stays_post);
    CHECK(has(answer.body, "Content-Type") == stays_post);
  }
  SECTION("keep them at the same one") {
    call.url = server.url("/own");
    const HttpAnswer answer = HttpClient().send(call);
    CHECK(answer.url == server.url("/here?x"));
    CHECK(has(answer.body, "X-Parse-Master-Key: c"));
  }
  SECTION("can be looked at") {
    call.redirects = Redirects::Manual;
    const HttpAnswer answer = HttpClient().send(call);
    CHECK(answer.status == status);
    CHECK(*answer.header("location") == target.url("/end"));
  }
  SECTION("can be refused") {
    call.redirects = Redirects::Refuse;
    CHECK(error_of(call)->fault() == Fault::Redirected);
    CHECK(target.connections() == 0);
  }
}

TEST_CASE("redirects end") {
  int asked = 0;
  ScriptedServer server(answering([&](const std::string&) { return ++asked, redirect_to("/again"); }));
  HttpCall call = get(server.url());
  call.max_redirects = 3;
  CHECK(error_of(call)->fault() == Fault::Redirected);
  CHECK(asked == 4);
}

TEST_CASE("a redirect to another protocol is refused") {
  ScriptedServer server(answering([](const std::string&) { return redirect_to("file:///etc/passwd"); }));
  CHECK(error_of(get(server.url()))->fault() == Fault::BadAnswer);
}

TEST_CASE("the guard sees every address") {
  ScriptedServer target(answering([](const std::string& request) { return ok(request); }));
  ScriptedServer server(answering([&](const std::string&) { return redirect_to(target.url("/", "localhost")); }));
  SECTION("that of the first step") {
    const HttpClient client([](const std::string& address) { return !is_private_address(address); });
    for (const char* host : {"127.0.0.1", "localhost", "0x7f.0.0.1", "[::ffff:127.0.0.1]"}) {
      CHECK(error_of(get(server.url("/", host)), client)->fault() == Fault::Forbidden);
    }
    CHECK(server.connections() == 0);
  }
  SECTION("and of those after redirects") {
    int asked = 0;
    const HttpClient client([&](const std::string&) { return ++asked == 1; });
    CHECK(error_of(get(server.url()), client)->fault() == Fault::Forbidden);
    CHECK(server.connections() == 1);
    CHECK(target.connections() == 0);
  }
}

TEST_CASE("time is limited") {
  SECTION("for an answer that does not come") {
    ScriptedServer server([](Peer& peer, int) { peer.wait_for_end(); });
    HttpCall call = get(server.url("/secret?token=x"));
    call.total_time = 100ms;
    const auto error = error_of(call);
    CHECK(error->fault() == Fault::TimedOut);
    CHECK(error->what() == "no answer from 127.0.0.1:" + std::to_string(server.port()) + " within 100 ms");
  }
  SECTION("for an answer that never ends") {
    std::atomic<bool> over{false};
    ScriptedServer server([&](Peer& peer, int) {
      peer.send("HTTP/1.1 200 OK\r\n\r\n");
      while (!over) peer.send("x");
    });
    HttpCall call = get(server.url());
    call.total_time = 100ms;
    call.max_answer_bytes = 1'000'000'000;
    const auto error = error_of(call);
    over = true;
    CHECK(error->fault() == Fault::TimedOut);
  }
}

TEST_CASE("a call can be cancelled") {
  std::promise<void> asked;
  ScriptedServer server([&](Peer& peer, int) {
    peer.read_request();
    asked.set_value();
    peer.wait_for_end();
  });
  CancelFlag cancel;
  std::thread canceller([&] {
    asked.get_future().wait();
    cancel.cancel();
  });
  CHECK(error_of(get(server.url()), HttpClient(), &cancel)->fault() == Fault::Cancelled);
  canceller.join();
  CHECK(error_of(get(server.url()), HttpClient(), &cancel)->fault() == Fault::Cancelled);
  CHECK(server.connections() == 1);
}

TEST_CASE("answers are limited in size") {
  ScriptedServer server(answering([](const std::string&) { return ok("12345678901"); }));
  HttpCall call = get(server.url());
  call.max_answer_bytes = 11;
  CHECK(HttpClient().send(call).body.size() == 11);
  call.max_answer_bytes = 10;
  CHECK(error_of(call)->fault() == Fault::TooLarge);
}

TEST_CASE("nobody is there") {
  int port = 0;
  {
    ScriptedServer gone([](Peer&, int) {});
    port = gone.port();
  }
  const auto error = error_of(get("http://127.0.0.1:" + std::to_string(port) + "/"));
  CHECK(error->fault() == Fault::Unreachable);
  CHECK(error->what() == "cannot connect to 127.0.0.1:" + std::to_string(port) + ": Connection refused");
  CHECK(error_of(get("http://no..name/"))->fault() == Fault::NoAddress);
}

TEST_CASE("connections are used again") {
  SECTION("while they live") {
    ScriptedServer server(answering([](const std::string&) { return ok("x"); }));
    const HttpClient client;  // ends before the server, which waits for it
    for (int i = 0; i < 5; ++i) CHECK(client.send(get(server.url())).body == "x");
    CHECK(server.connections() == 1);
  }
  SECTION("and a new one is made when they have ended") {
    ScriptedServer server([](Peer& peer, int) {
      peer.read_request();
      peer.send(ok("x"));
    });
    const HttpClient client;
    for (int i = 0; i < 5; ++i) CHECK(client.send(get(server.url())).body == "x");
    CHECK(server.connections() == 5);
  }
  SECTION("but not after an answer with more behind it") {
    ScriptedServer server(answering([](const std::string&) { return ok("x") + ok("smuggled"); }));
    const HttpClient client;
    for (int i = 0; i < 3; ++i) CHECK(client.send(get(server.url())).body == "x");
  }
}

TEST_CASE("a server that refuses early is heard") {
  ScriptedServer server([](Peer& peer, int) { peer.send("HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"); });
  HttpCall call = get(server.url());
  call.method = "POST";
  call.body = std::string(10'000'000, 'x');
  CHECK(HttpClient().send(call).status == 413);
}
