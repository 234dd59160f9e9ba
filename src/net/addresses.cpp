#include "net/addresses.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <system_error>
#include <thread>

#include "net/net_error.h"

namespace parsimony::net {
namespace {

constexpr int kMaxLookups = 64;  // threads that wait for the system's resolver

using Bytes = std::array<unsigned char, 16>;

struct Network {
  Bytes prefix;
  int bits;
};

// IANA's special-purpose registries; IPv4 ones are written as IPv6 (::ffff:a.b.c.d), so that one comparison serves both.
constexpr Network v4(unsigned char a, unsigned char b, unsigned char c, int bits) {
  return {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, 0}, 96 + bits};
}

constexpr Network kPrivate[] = {
    v4(0, 0, 0, 8),
    v4(10, 0, 0, 8),
    v4(100, 64, 0, 10),
    v4(127, 0, 0, 8),
    v4(169, 254, 0, 16),
    v4(172, 16, 0, 12),
    v4(192, 0, 0, 24),
    v4(192, 0, 2, 24),
    v4(192, 168, 0, 16),
    v4(198, 18, 0, 15),
    v4(198, 51, 100, 24),
    v4(203, 0, 113, 24),
    v4(224, 0, 0, 4),
    v4(240, 0, 0, 4),
    {{}, 127},                                   // :: and ::1
    {{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48},  // translation to IPv4 within a network
    {{0x01, 0x00}, 64},                          // discard
    {{0x20, 0x01}, 23},                          // protocol assignments, Teredo among them
    {{0x20, 0x01, 0x0d, 0xb8}, 32},              // documentation
    {{0x3f, 0xff}, 20},                          // documentation
    {{0xfc}, 7},                                 // unique local
    {{0xfe, 0x80}, 10},                          // link-local
    {{0xfe, 0xc0}, 10},                          // site-local
    {{0xff}, 8},                                 // multicast
};

bool covers(const Network& network, const Bytes& address) {
  for (int bit = 0; bit < network.bits; ++bit) {
    const auto byte = static_cast<std::size_t>(bit / 8);
    if (((network.prefix[byte] ^ address[byte]) & (0x80 >> (bit % 8))) != 0) return false;
  }
  return true;
}

bool is_private(const Bytes& address) {
  return std::any_of(std::begin(kPrivate), std::end(kPrivate), [&](const Network& network) { return covers(network, address); });
}

Bytes mapped(const unsigned char* four) {
  Bytes bytes{};
  bytes[10] = bytes[11] = 0xff;
  std::copy(four, four + 4, bytes.begin() + 12);
  return bytes;
}

// The IPv4 address that an IPv6 one leads to, when it does.
std::optional<Bytes> inner_ipv4(const Bytes& address) {
  constexpr Network kNat64{{0x00, 0x64, 0xff, 0x9b}, 96};
  constexpr Network kCompatible{{}, 96};
  constexpr Network kSixToFour{{0x20, 0x02}, 16};
  if (covers(kNat64, address) || covers(kCompatible, address)) return mapped(address.data() + 12);
  if (covers(kSixToFour, address)) return mapped(address.data() + 2);
  return std::nullopt;
}

std::optional<Bytes> bytes_of(const std::string& text) {
  Bytes bytes{};
  if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return bytes;
  unsigned char four[4];
  if (::inet_pton(AF_INET, text.c_str(), four) == 1) return mapped(four);
  return std::nullopt;
}

// One question to the system's resolver, shared by who asks and the thread that answers, whoever lives longer.
class Lookup {
 public:
  Lookup(std::string host, int port) : host_(std::move(host)), port_(std::to_string(port)) {
    if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  }
  ~Lookup() { ::close(descriptor_); }
  Lookup(const Lookup&) = delete;
  Lookup& operator=(const Lookup&) = delete;

  int fault() const { return fault_; }
  std::vector<Address> take_addresses() { return std::move(addresses_); }

  void run(int flags) {
    addrinfo hints{};
    hints.ai_flags = flags;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    fault_ = ::getaddrinfo(host_.c_str(), port_.c_str(), &hints, &found);
    for (const addrinfo* each = found; fault_ == 0 && each; each = each->ai_next) {
      if (each->ai_addrlen > sizeof(sockaddr_storage)) continue;
      Address& address = addresses_.emplace_back();
      std::memcpy(&address.storage, each->ai_addr, each->ai_addrlen);
      address.size = each->ai_addrlen;
    }
    if (found) ::freeaddrinfo(found);
  }
  // The write and the read make the result visible to whoever has waited.
  void announce() {
    const std::uint64_t one = 1;
    while (::write(descriptor_, &one, sizeof one) < 0 && errno == EINTR) continue;
  }
  void wait(const Patience& patience) const {
    patience.wait_for(descriptor_, POLLIN);
    std::uint64_t count = 0;
    while (::read(descriptor_, &count, sizeof count) < 0 && errno == EINTR) continue;
  }

 private:
  const std::string host_;
  const std::string port_;
  const int descriptor_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  int fault_ = 0;
  std::vector<Address> addresses_;
};

std::atomic<int> running_lookups{0};

void run_on_own_thread(const std::shared_ptr<Lookup>& lookup) {
  if (++running_lookups > kMaxLookups) {
    --running_lookups;
    throw NetError(Fault::NoAddress, "too many names are being looked up at the same time");
  }
  try {
    std::thread([lookup] {
      lookup->run(AI_NUMERICSERV);
      lookup->announce();
      --running_lookups;
    }).detach();
  } catch (const std::system_error&) {
    --running_lookups;
    throw NetError(Fault::NoAddress, "there is no room for a thread that looks up names");
  }
}

}  // namespace

std::string Address::text() const {
  char text[INET6_ADDRSTRLEN] = {};
  if (family() == AF_INET) {
    ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(&storage)->sin_addr, text, sizeof text);
    return text;
  }
  const in6_addr& address = reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_addr;
  if (IN6_IS_ADDR_V4MAPPED(&address)) {
    ::inet_ntop(AF_INET, address.s6_addr + 12, text, sizeof text);
  } else {
    ::inet_ntop(AF_INET6, &address, text, sizeof text);
  }
  return text;
}

std::vector<Address> resolve(const std::string& host, int port, const Patience& patience) {
  const auto lookup = std::make_shared<Lookup>(host, port);
  lookup->run(AI_NUMERICHOST | AI_NUMERICSERV);
  if (lookup->fault() == 0) return lookup->take_addresses();
  run_on_own_thread(lookup);
  lookup->wait(patience);
  std::vector<Address> addresses = lookup->take_addresses();
  if (lookup->fault() != 0 || addresses.empty()) {
    const char* why = lookup->fault() != 0 ? ::gai_strerror(lookup->fault()) : "no address";
    throw NetError(Fault::NoAddress, "the host " + host + " was not found: " + why);
  }
  return addresses;
}

bool is_private_address(std::string_view address) {
  const auto bytes = bytes_of(std::string(address));
  if (!bytes || is_private(*bytes)) return true;
  const auto inner = inner_ipv4(*bytes);
  return inner && is_private(*inner);
}

}  // namespace parsimony::net
