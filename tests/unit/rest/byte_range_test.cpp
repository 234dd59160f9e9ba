#include "rest/byte_range.h"

#include <catch2/catch.hpp>
#include <string>

namespace parsimony {
namespace {

std::string shown(std::string_view header, std::uint64_t size) {
  const auto range = parse_range(header, size);
  return range ? std::to_string(range->first) + "+" + std::to_string(range->length) : "all";
}

TEST_CASE("one range") {
  CHECK(shown("bytes=0-0", 10) == "0+1");
  CHECK(shown("bytes=2-5", 10) == "2+4");
  CHECK(shown("bytes=2-", 10) == "2+8");
  CHECK(shown("bytes=-3", 10) == "7+3");
  CHECK(shown("bytes=-30", 10) == "0+10");
  CHECK(shown("bytes=8-30", 10) == "8+2");
  CHECK(shown("bytes=0-18446744073709551615", 10) == "0+10");
  CHECK(shown("BYTES=1-1", 10) == "1+1");
}

TEST_CASE("a range of which nothing is there") {
  CHECK(shown("bytes=10-", 10) == "10+0");
  CHECK(shown("bytes=18446744073709551615-", 10) == "10+0");
  CHECK(shown("bytes=-0", 10) == "10+0");
  CHECK(shown("bytes=0-", 0) == "0+0");
  CHECK(shown("bytes=-5", 0) == "0+0");
}

TEST_CASE("what is ignored") {
  for (const char* header : {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-4", "bytes=0-1,3-4", "bytes=+1-2", "bytes= 1-2",
                             "bytes=18446744073709551616-", "items=0-1", "bytes=--1"}) {
    INFO(header);
    CHECK(shown(header, 10) == "all");
  }
}

}  // namespace
}  // namespace parsimony
