#include "net/addresses.h"

#include <catch2/catch.hpp>

using namespace parsimony::net;

TEST_CASE("private addresses are known") {
  const auto address =
      GENERATE(as<std::string>{}, "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
               "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.2.1", "198.19.0.1", "224.0.0.1", "255.255.255.255", "::", "::1",
               "fc00::1", "fd12::1", "fe80::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
               "2002:7f00:1::", "::7f00:1", "2001:db8::1", "100::1", "64:ff9b:1::a00:1", "2001::1", "3fff::1", "nonsense", "");
  CHECK(is_private_address(address));
}

TEST_CASE("public addresses are known") {
  const auto address = GENERATE(as<std::string>{}, "1.1.1.1", "11.0.0.1", "172.15.255.255", "172.32.0.1", "192.167.255.255", "169.253.1.1",
                                "100.63.0.1", "100.128.0.1", "223.255.255.255", "2606:4700::1111", "2001:200::1", "2a00::1",
                                "::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::1", "fb00::1");
  CHECK_FALSE(is_private_address(address));
}

TEST_CASE("names are resolved") {
  const Patience patience{Clock::now() + std::chrono::seconds(10)};
  CHECK(resolve("127.0.0.1", 80, patience).at(0).text() == "127.0.0.1");
  CHECK(resolve("::1", 80, patience).at(0).text() == "::1");
  CHECK(resolve("::ffff:1.2.3.4", 80, patience).at(0).text() == "1.2.3.4");
  CHECK_FALSE(resolve("localhost", 80, patience).empty());
  // The old forms of an address are seen for what they are.
  CHECK(resolve("0x7f.1", 80, patience).at(0).text() == "127.0.0.1");
  CHECK(resolve("2130706433", 80, patience).at(0).text() == "127.0.0.1");
}
