#include "common/base64.h"

#include <catch2/catch.hpp>

namespace parsimony {
namespace {

TEST_CASE("base64 with and without padding, white space and in both alphabets") {
  CHECK(decode_base64("") == "");
  CHECK(decode_base64("YQ==") == "a");
  CHECK(decode_base64("YWI=") == "ab");
  CHECK(decode_base64("YWJj") == "abc");
  CHECK(decode_base64("YWJjZA") == "abcd");
  CHECK(decode_base64("Y W\r\nJ\tj\n") == "abc");
  CHECK(decode_base64("+/+/") == decode_base64("-_-_"));
  CHECK(decode_base64("AAEC/w==") == std::string("\0\1\2\xff", 4));
}

TEST_CASE("what is no base64") {
  for (const char* text : {"a", "YWJja", "!", "YQ==YQ==", "YQ===", "Y\xc3\xa4"}) {
    INFO(text);
    CHECK_FALSE(decode_base64(text).has_value());
  }
  CHECK_FALSE(decode_base64(std::string_view("YQ\0=", 4)).has_value());
}

}  // namespace
}  // namespace parsimony
