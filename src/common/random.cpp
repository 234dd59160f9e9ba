#include "common/random.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <stdexcept>

namespace parsimony {
namespace {

constexpr std::string_view kAlphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view kHex = "0123456789abcdef";

// A block of random bytes for the calling thread: one call of the generator serves several ids.
class RandomBytes {
 public:
  unsigned char next() {
    if (used_ == bytes_.size()) refill();
    return bytes_[used_++];
  }

 private:
  void refill() {
    if (RAND_bytes(bytes_.data(), static_cast<int>(bytes_.size())) != 1) throw std::runtime_error("no random bytes to be had");
    used_ = 0;
  }

  std::array<unsigned char, 256> bytes_{};
  std::size_t used_ = bytes_.size();
};

thread_local RandomBytes random_bytes;

std::string to_hex(const unsigned char* bytes, std::size_t count) {
  std::string text;
  text.reserve(2 * count);
  for (std::size_t i = 0; i < count; ++i) {
    text += kHex[bytes[i] >> 4];
    text += kHex[bytes[i] & 15];
  }
  return text;
}

}  // namespace

std::string random_alphanumeric(std::size_t length) {
  constexpr unsigned char kFair = 256 / 62 * 62;  // bytes from here on would favour the first characters
  std::string text;
  text.reserve(length);
  while (text.size() < length) {
    const unsigned char byte = random_bytes.next();
    if (byte < kFair) text += kAlphanumeric[byte % kAlphanumeric.size()];
  }
  return text;
}

std::string random_hex(std::size_t bytes) {
  std::string raw(bytes, '\0');
  for (char& c : raw) c = static_cast<char>(random_bytes.next());
  return to_hex(reinterpret_cast<const unsigned char*>(raw.data()), raw.size());
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("SHA-256 failed");
  return to_hex(digest.data(), length);
}

}  // namespace parsimony
