// Which addresses may use a key.
#pragma once
#include <array>
#include <string>
#include <vector>

namespace parsimony {

// Addresses and networks in CIDR form, IPv4 and IPv6. "0.0.0.0" and "0.0.0.0/0" are all of IPv4, "::", "::0" and "::/0" all of
// IPv6; neither family covers the other. An IPv4 address written as IPv6 ("::ffff:1.2.3.4") counts as IPv4.
class IpList {
 public:
  // Entries that are neither an address nor a network are left out; the options check them before.
  explicit IpList(const std::vector<std::string>& entries);

  bool contains(const std::string& address) const;

 private:
  struct Address {
    std::array<unsigned char, 16> bytes{};
    int bits = 0;  // 32 or 128; 0: not an address
  };
  struct Network {
    Address address;
    int prefix_bits;
  };
  static Address parse(const std::string& text);
  static bool covers(const Network& network, const Address& address);

  std::vector<Network> networks_;
};

}  // namespace parsimony
