#include "net/url.h"

#include <catch2/catch.hpp>

#include "net/net_error.h"

using namespace parsimony::net;

TEST_CASE("a URL is taken apart") {
  struct Row {
    const char* text;
    const char* shown;
    const char* user;
  };
  const auto row = GENERATE(values<Row>({
      {"http://example.org", "http://example.org/", ""},
      {"HTTPS://Example.ORG:443/a", "https://example.org/a", ""},
      {"http://example.org:8080/a?b=c&d", "http://example.org:8080/a?b=c&d", ""},
      {"http://example.org?b=c", "http://example.org/?b=c", ""},
      {"http://example.org/a#part", "http://example.org/a", ""},
      {"http://example.org/a b\xC3\xA9%20\"", "http://example.org/a%20b%C3%A9%20%22", ""},
      {"http://me:p%40ss@example.org/", "http://example.org/", "me:p@ss"},
      {"http://[::1]:1337/", "http://[::1]:1337/", ""},
      {"http://127.0.0.1:80/", "http://127.0.0.1/", ""},
      {"http://good.org\\@evil.org/", "http://good.org/%5C@evil.org/", ""},
  }));
  const Url url = parse_url(row.text);
  CHECK(url.text() == row.shown);
  CHECK(url.user == row.user);
}

TEST_CASE("what is no URL is refused") {
  const auto text = GENERATE(as<std::string>{}, "", "example.org", "/a", "ftp://example.org/", "http://", "http:///a", "http://a:0/",
                             "http://a:65536/", "http://a:x/", "http://a b/", "http://[::1/", "http://[::1]x/", "http://a\r\nHost: b/",
                             "http://\xC3\xA9.org/", "file:///etc/passwd", "http://example.org/" + std::string(kMaxUrlBytes, 'a'));
  CHECK_THROWS_AS(parse_url(text), NetError);
}

TEST_CASE("a reference is resolved") {
  struct Row {
    const char* reference;
    const char* wanted;
  };
  const auto row = GENERATE(values<Row>({
      {"https://other.org/x", "https://other.org/x"},
      {"//other.org/x", "http://other.org/x"},
      {"/x?y", "http://example.org/x?y"},
      {"x", "http://example.org/a/x"},
      {"?q=/../2", "http://example.org/a/b?q=/../2"},
      {"../x", "http://example.org/x"},
      {"../../../x/./y/..", "http://example.org/x/"},
      {"", "http://example.org/a/b?q=1"},
      {"x?a=http://b", "http://example.org/a/x?a=http://b"},
  }));
  CHECK(resolve_url(parse_url("http://example.org/a/b?q=1"), row.reference).text() == row.wanted);
}
