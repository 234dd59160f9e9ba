#include "common/byte_size.h"

#include <catch2/catch.hpp>

namespace parsimony {
namespace {

TEST_CASE("sizes with and without a unit") {
  CHECK(read_byte_size("1") == 1);
  CHECK(read_byte_size("500kb") == 500 * 1024);
  CHECK(read_byte_size("1.5 MB") == 1536 * 1024);
  CHECK(read_byte_size("2Gb") == std::uint64_t{2} << 30);
  CHECK(read_byte_size("7b") == 7);
  for (const char* text : {"", "mb", "-1mb", "1tb", "1.2.3mb", "0", "0.5", "1e9", "9999999999gb", "mb1"}) {
    INFO(text);
    CHECK_FALSE(read_byte_size(text).has_value());
  }
}

}  // namespace
}  // namespace parsimony
