#include "access/ip_list.h"

#include <catch2/catch.hpp>

namespace parsimony {
namespace {

struct IpCase {
  std::vector<std::string> entries;
  const char* address;
  bool contained;
};

TEST_CASE("addresses and networks") {
  const IpCase cases[] = {
      {{}, "127.0.0.1", false},
      {{"127.0.0.1"}, "127.0.0.1", true},
      {{"127.0.0.1"}, "127.0.0.2", false},
      {{"127.0.0.1"}, "::1", false},
      {{"::1", "10.0.0.1"}, "10.0.0.1", true},
      {{"::1"}, "0:0:0:0:0:0:0:1", true},
      {{"::1"}, "::2", false},
      // CIDR
      {{"10.1.0.0/16"}, "10.1.255.3", true},
      {{"10.1.0.0/16"}, "10.2.0.1", false},
      {{"10.1.2.3/16"}, "10.1.9.9", true},
      {{"192.168.1.128/25"}, "192.168.1.128", true},
      {{"192.168.1.128/25"}, "192.168.1.127", false},
      {{"10.0.0.1/32"}, "10.0.0.1", true},
      {{"10.0.0.1/32"}, "10.0.0.0", false},
      {{"fd00::/8"}, "fdff::1", true},
      {{"fd00::/8"}, "fe00::1", false},
      {{"2001:db8::1/128"}, "2001:db8::1", true},
      {{"2001:db8::1/128"}, "2001:db8::2", false},
      // All of a family, and nothing of the other
      {{"0.0.0.0"}, "8.8.8.8", true},
      {{"0.0.0.0/0"}, "8.8.8.8", true},
      {{"0.0.0.0/0"}, "::1", false},
      {{"::"}, "2001::1", true},
      {{"::0"}, "2001::1", true},
      {{"::/0"}, "2001::1", true},
      {{"::/0"}, "8.8.8.8", false},
      {{"::/0"}, "::ffff:8.8.8.8", false},
      {{"0.0.0.0/32"}, "8.8.8.8", false},
      // IPv4 written as IPv6
      {{"10.0.0.1"}, "::ffff:10.0.0.1", true},
      {{"::ffff:10.0.0.1"}, "10.0.0.1", true},
      {{"::ffff:10.0.0.0/104"}, "10.9.9.9", true},
      {{"::ffff:10.0.0.0/104"}, "11.0.0.1", false},
      {{"::ffff:0.0.0.0/96"}, "1.2.3.4", true},
      {{"0.0.0.0/0"}, "::ffff:8.8.8.8", true},
      // What is neither is left out
      {{"10.0.0.1/33"}, "10.0.0.1", false},
      {{"10.0.0.1/-1"}, "8.8.8.8", false},
      {{"10.0.0.1/"}, "10.0.0.1", false},
      {{"10.0.0.1/8x"}, "10.0.0.1", false},
      {{"::1/129"}, "::1", false},
      {{"::ffff:10.0.0.1/32"}, "10.0.0.1", false},
      {{"localhost", "", "/", "1.2.3", "10.0.0.1"}, "10.0.0.1", true},
      {{"localhost", "", "/"}, "", false},
      {{"0.0.0.0"}, "", false},
      {{"0.0.0.0", "::"}, "nonsense", false},
  };
  for (const IpCase& each : cases) {
    INFO((each.entries.empty() ? "none" : each.entries.front()) << " and " << each.address);
    CHECK(IpList(each.entries).contains(each.address) == each.contained);
  }
}

}  // namespace
}  // namespace parsimony
