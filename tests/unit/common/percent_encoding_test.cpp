#include "common/percent_encoding.h"

#include <catch2/catch.hpp>

namespace parsimony {
namespace {

TEST_CASE("what a URL may not hold is escaped") {
  CHECK(percent_encoded("") == "");
  CHECK(percent_encoded("aZ09-_.~") == "aZ09-_.~");
  CHECK(percent_encoded("a b/c?d#e%f\r\n") == "a%20b%2Fc%3Fd%23e%25f%0D%0A");
  CHECK(percent_encoded("\xc3\xa9") == "%C3%A9");
  CHECK(percent_encoded("a/b c", "/") == "a/b%20c");
}

}  // namespace
}  // namespace parsimony
