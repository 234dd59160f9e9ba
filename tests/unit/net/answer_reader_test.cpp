#include "net/answer_reader.h"

#include <catch2/catch.hpp>
#include <optional>

#include "net/net_error.h"

using namespace parsimony::net;

namespace {

// The body that a reader finds in `text`, fed in steps of `step` bytes, and then the end; nothing when the answer is never whole.
std::string read(std::string_view text, std::size_t step, bool to_head = false, std::size_t max_bytes = 1000) {
  AnswerReader reader(to_head, max_bytes);
  for (std::size_t at = 0; at < text.size() && !reader.is_whole(); at += step) reader.take(text.substr(at, step));
  reader.end();
  return reader.take_body();
}

std::optional<Fault> fault_of(std::string_view text, std::size_t max_bytes = 1000) {
  try {
    read(text, 7, false, max_bytes);
    return std::nullopt;
  } catch (const NetError& error) {
    return error.fault();
  }
}

const std::string kHead = "HTTP/1.1 200 OK\r\n";

}  // namespace

TEST_CASE("an answer is found however it comes") {
  const std::size_t step = GENERATE(1, 2, 3, 7, 1000);
  CHECK(read(kHead + "Content-Length: 5\r\n\r\nhello", step) == "hello");
  CHECK(read(kHead + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", step) == "hello");
  CHECK(read(kHead + "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nTrailer: x\r\n\r\n", step) == "hello");
  CHECK(read(kHead + "\r\nhello", step) == "hello");
  CHECK(read("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + kHead + "Content-Length: 2\r\n\r\nok", step) ==
        "ok");
  CHECK(read("HTTP/1.1 204 No Content\r\n\r\n", step).empty());
  CHECK(read("HTTP/1.1 304\r\nContent-Length: 5\r\n\r\n", step).empty());
  CHECK(read(kHead + "Content-Length: 5\r\n\r\n", step, true).empty());
}

TEST_CASE("head and headers") {
  AnswerReader reader(false, 10);
  reader.take("HTTP/1.0 404 Not there \r\nX-One:  a %41 b \r\nx-one: c\r\nEmpty:\r\nContent-Length: 0\r\n\r\n");
  REQUIRE(reader.is_whole());
  CHECK(reader.head().status == 404);
  CHECK(reader.head().reason == "Not there ");
  CHECK(reader.head().headers == std::vector<Header>{{"X-One", "a %41 b"}, {"x-one", "c"}, {"Empty", ""}, {"Content-Length", "0"}});
  CHECK(*find_header(reader.head().headers, "X-ONE") == "a %41 b");
  CHECK_FALSE(reader.may_reuse());  // HTTP/1.0
}

TEST_CASE("when a connection may be used again") {
  const auto may_reuse = [](const std::string& rest) {
    AnswerReader reader(false, 1000);
    reader.take(kHead + rest);
    return reader.is_whole() && reader.may_reuse();
  };
  CHECK(may_reuse("Content-Length: 2\r\n\r\nok"));
  CHECK(may_reuse("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"));
  CHECK_FALSE(may_reuse("Content-Length: 2\r\nconnection: Close\r\n\r\nok"));
  CHECK_FALSE(may_reuse("Content-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n"));
  CHECK_FALSE(may_reuse("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"));
}

TEST_CASE("what is no answer is refused") {
  struct Row {
    std::string text;
    Fault fault;
  };
  const auto row = GENERATE(values<Row>({
      {"", Fault::Unreachable},
      {"SSH-2.0-OpenSSH\r\n", Fault::BadAnswer},
      {"HTTP/2 200 OK\r\n\r\n", Fault::BadAnswer},
      {"HTTP/1.1 2000 OK\r\n\r\n", Fault::BadAnswer},
      {"HTTP/1.1 20\r\n\r\n", Fault::BadAnswer},
      {"HTTP/1.1 101 Switching Protocols\r\n\r\n", Fault::BadAnswer},
      {kHead + "no colon\r\n\r\n", Fault::BadAnswer},
      {kHead + "A b: c\r\n\r\n", Fault::BadAnswer},
      {kHead + "Content-Length: -1\r\n\r\n", Fault::BadAnswer},
      {kHead + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", Fault::BadAnswer},
      {kHead + "Content-Length: 3\r\n\r\nab", Fault::BadAnswer},
      {kHead + "Transfer-Encoding: gzip\r\n\r\n", Fault::BadAnswer},
      {kHead + "Transfer-Encoding: chunked\r\n\r\nxx\r\n", Fault::BadAnswer},
      {kHead + "Transfer-Encoding: chunked\r\n\r\n3\r\nab", Fault::BadAnswer},
      {kHead + "Content-Length: 1001\r\n\r\n", Fault::TooLarge},
      {kHead + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n", Fault::TooLarge},
      {kHead + "\r\n" + std::string(1001, 'a'), Fault::TooLarge},
      {kHead + "A: " + std::string(65536, 'a') + "\r\n\r\n", Fault::TooLarge},
      {"HTTP/1.1 200 " + std::string(65536, 'a'), Fault::TooLarge},
  }));
  CAPTURE(row.text.substr(0, 100));
  CHECK(fault_of(row.text) == row.fault);
}

TEST_CASE("too many headers and endless interim answers are refused") {
  std::string headers;
  for (int i = 0; i < 257; ++i) headers += "A: b\r\n";
  CHECK(fault_of(kHead + headers + "\r\n") == Fault::TooLarge);
  std::string interim;
  for (int i = 0; i < 4000; ++i) interim += "HTTP/1.1 100 Continue\r\n\r\n";
  CHECK(fault_of(interim) == Fault::TooLarge);
}
