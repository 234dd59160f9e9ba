// Names that the product makes up for objects and for secrets: from the operating system's generator, or from a seed, so that a test
// gets the same ones each time.
#pragma once
#include <cstddef>
#include <optional>
#include <random>
#include <string>
#include <string_view>

namespace parsimony {

// `length` characters of A-Z a-z 0-9.
std::string new_object_id(std::size_t length);
// `bytes` bytes as lower-case hexadecimal, for what must not be guessed: session tokens, names of files.
std::string new_token(std::size_t bytes);

// Two independent series that a seed begins. Equal seeds make equal series, on every machine.
class SeededIds {
 public:
  enum class Tokens { Random, Seeded };
  SeededIds(std::string_view seed, Tokens tokens);

  std::string next_object_id(std::size_t length);
  std::string next_token(std::size_t bytes);
  bool makes_tokens() const { return makes_tokens_; }

 private:
  std::mt19937_64 ids_;
  std::mt19937_64 tokens_;
  bool makes_tokens_;
};

// What the next names of this process come from, as far as the series have been used by now; nothing: the operating system.
// Any thread may call.
std::optional<SeededIds> seeded_ids();
void seed_ids(std::optional<SeededIds> ids);

}  // namespace parsimony
