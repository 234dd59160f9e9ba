#include "cloud/host/crypto.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <limits>
#include <stdexcept>
#include <string_view>

namespace parsimony::crypto {
namespace {

struct Row {
  std::string_view name;
  const EVP_MD* (*algorithm)();
};

constexpr Row kRows[] = {{"md5", &EVP_md5},       {"sha1", &EVP_sha1},     {"sha224", &EVP_sha224},
                         {"sha256", &EVP_sha256}, {"sha384", &EVP_sha384}, {"sha512", &EVP_sha512}};

const EVP_MD* algorithm_named(const std::string& name) {
  for (const Row& row : kRows) {
    if (row.name == name) return row.algorithm();
  }
  throw std::runtime_error("The digest " + name + " is not known.");
}

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes_of(const std::string& text) { return reinterpret_cast<const unsigned char*>(text.data()); }

int length_of(const std::string& text) {
  if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) throw std::runtime_error("A key is too long.");
  return static_cast<int>(text.size());
}

void check(bool done) {
  if (!done) throw std::runtime_error("The computation failed.");
}

}  // namespace

std::string random_bytes(std::size_t count) {
  if (count > kMaxRandomBytes) throw std::runtime_error("At most " + std::to_string(kMaxRandomBytes) + " random bytes at a time.");
  std::string bytes(count, '\0');
  check(RAND_bytes(bytes_of(bytes), static_cast<int>(count)) == 1);
  return bytes;
}

std::string digest(const std::string& algorithm, const std::string& data) {
  std::string result(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  check(EVP_Digest(data.data(), data.size(), bytes_of(result), &size, algorithm_named(algorithm), nullptr) == 1);
  result.resize(size);
  return result;
}

std::string hmac(const std::string& algorithm, const std::string& key, const std::string& data) {
  std::string result(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  check(HMAC(algorithm_named(algorithm), key.data(), length_of(key), bytes_of(data), data.size(), bytes_of(result), &size) != nullptr);
  result.resize(size);
  return result;
}

std::string pbkdf2(const std::string& algorithm, const std::string& password, const std::string& salt, std::size_t iterations,
                   std::size_t bytes) {
  const EVP_MD* digest = algorithm_named(algorithm);
  const std::size_t blocks = bytes / static_cast<std::size_t>(EVP_MD_get_size(digest)) + 1;
  if (iterations == 0 || iterations > kMaxDerivationRounds || blocks > kMaxDerivationRounds / iterations) {
    throw std::runtime_error("pbkdf2 takes between 1 and " + std::to_string(kMaxDerivationRounds) + " rounds for all its blocks.");
  }
  std::string key(bytes, '\0');
  check(PKCS5_PBKDF2_HMAC(password.data(), length_of(password), bytes_of(salt), length_of(salt), static_cast<int>(iterations), digest,
                          static_cast<int>(bytes), bytes_of(key)) == 1);
  return key;
}

std::string scrypt(const std::string& password, const std::string& salt, const ScryptCost& cost, std::size_t bytes) {
  const auto [n, r, p] = cost;
  const bool is_cost = n > 1 && (n & (n - 1)) == 0 && r > 0 && p > 0;
  if (!is_cost) throw std::runtime_error("Invalid scrypt params: N is a power of two above 1, r and p are above 0.");
  if (n > kMaxScryptWork / r || n * r > kMaxScryptWork / p || bytes > kMaxScryptKeyBytes) {
    throw std::runtime_error("scrypt takes at most " + std::to_string(kMaxScryptWork) + " for N * r * p, and makes a key of at most " +
                             std::to_string(kMaxScryptKeyBytes) + " bytes.");
  }
  std::string key(bytes, '\0');
  const bool done = EVP_PBE_scrypt(password.data(), password.size(), bytes_of(salt), salt.size(), n, r, p, kMaxScryptBytes, bytes_of(key),
                                   key.size()) == 1;
  if (!done) throw std::runtime_error("Invalid scrypt params: memory limit exceeded.");
  return key;
}

}  // namespace parsimony::crypto
