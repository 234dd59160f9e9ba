// What Node's `crypto` computes natively, for Cloud Code. All throw std::runtime_error for what they do not know or is too much.
#pragma once
#include <cstddef>
#include <string>

namespace parsimony::crypto {

inline constexpr std::size_t kMaxRandomBytes = std::size_t{1} << 20;
// Blocks of SHA that one derivation may take: about half a second.
inline constexpr std::size_t kMaxDerivationRounds = 1'000'000;
// What one scrypt may hold, and its N * r * p: about half a second.
inline constexpr std::size_t kMaxScryptBytes = std::size_t{65} << 20;
inline constexpr std::size_t kMaxScryptWork = std::size_t{1} << 20;
inline constexpr std::size_t kMaxScryptKeyBytes = std::size_t{1} << 20;

struct ScryptCost {
  std::size_t n, r, p;
};

std::string random_bytes(std::size_t count);
// `algorithm`: md5, sha1, sha224, sha256, sha384, sha512.
std::string digest(const std::string& algorithm, const std::string& data);
std::string hmac(const std::string& algorithm, const std::string& key, const std::string& data);
std::string pbkdf2(const std::string& algorithm, const std::string& password, const std::string& salt, std::size_t iterations,
                   std::size_t bytes);
std::string scrypt(const std::string& password, const std::string& salt, const ScryptCost& cost, std::size_t bytes);

}  // namespace parsimony::crypto
