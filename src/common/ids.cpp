#include "common/ids.h"

#include <atomic>
#include <mutex>
#include <utility>

#include "common/random.h"

namespace parsimony {
namespace {

constexpr std::string_view kAlphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view kHex = "0123456789abcdef";

std::mt19937_64 generator_of(std::string_view purpose, std::string_view seed) {
  const std::string digest = sha256_hex(std::string(purpose) + "\n" + std::string(seed));
  return std::mt19937_64(std::stoull(digest.substr(0, 16), nullptr, 16));
}

std::string letters(std::mt19937_64& generator, std::string_view alphabet, std::size_t length) {
  std::string text;
  while (text.size() < length) text += alphabet[generator() % alphabet.size()];
  return text;
}

struct Current {
  std::mutex mutex;
  std::optional<SeededIds> ids;  // guarded by mutex
};

Current& current() {
  static Current state;
  return state;
}

std::atomic<bool> is_seeded{false};  // so that nobody waits for a lock where there is no seed

}  // namespace

SeededIds::SeededIds(std::string_view seed, Tokens tokens)
    : ids_(generator_of("ids", seed)), tokens_(generator_of("tokens", seed)), makes_tokens_(tokens == Tokens::Seeded) {}

std::string SeededIds::next_object_id(std::size_t length) { return letters(ids_, kAlphanumeric, length); }
std::string SeededIds::next_token(std::size_t bytes) { return letters(tokens_, kHex, 2 * bytes); }

std::string new_object_id(std::size_t length) {
  if (!is_seeded) return random_alphanumeric(length);
  const std::lock_guard lock(current().mutex);
  return current().ids ? current().ids->next_object_id(length) : random_alphanumeric(length);
}

std::string new_token(std::size_t bytes) {
  if (!is_seeded) return random_hex(bytes);
  const std::lock_guard lock(current().mutex);
  return current().ids && current().ids->makes_tokens() ? current().ids->next_token(bytes) : random_hex(bytes);
}

std::optional<SeededIds> seeded_ids() {
  const std::lock_guard lock(current().mutex);
  return current().ids;
}

void seed_ids(std::optional<SeededIds> ids) {
  const std::lock_guard lock(current().mutex);
  current().ids = std::move(ids);
  is_seeded = current().ids.has_value();
}

}  // namespace parsimony
