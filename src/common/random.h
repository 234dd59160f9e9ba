// Random text from the operating system's generator (through OpenSSL), and comparing secrets.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace parsimony {

// `length` characters of A-Z a-z 0-9, each equally likely. Object ids have 10 by default.
std::string random_alphanumeric(std::size_t length);
// `bytes` random bytes as lower-case hexadecimal, twice as many characters.
std::string random_hex(std::size_t bytes);

// Takes the same time wherever the texts differ. Only the length of the texts shows.
bool equal_in_constant_time(std::string_view a, std::string_view b);

// SHA-256 as lower-case hexadecimal.
std::string sha256_hex(std::string_view bytes);

}  // namespace parsimony
