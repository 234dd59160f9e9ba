#include "common/byte_size.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

namespace parsimony {
namespace {

constexpr double kTooMany = 1e15;

std::string unit_of(std::string_view text) {
  std::string unit;
  for (const char c : text) {
    if (c != ' ' && c != '\t') unit += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return unit;
}

}  // namespace

std::optional<std::uint64_t> read_byte_size(std::string_view text) {
  static constexpr std::pair<std::string_view, double> kUnits[] = {
      {"", 1}, {"b", 1}, {"kb", 1024.0}, {"mb", 1024.0 * 1024}, {"gb", 1024.0 * 1024 * 1024}};
  const char* const digits_end = text.data() + std::min(text.find_first_not_of("0123456789."), text.size());
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), digits_end, number);
  if (error != std::errc() || end != digits_end) return std::nullopt;
  const std::string unit = unit_of(text.substr(static_cast<std::size_t>(end - text.data())));
  for (const auto& [name, factor] : kUnits) {
    const double bytes = number * factor;
    if (unit == name && bytes >= 1 && bytes < kTooMany) return static_cast<std::uint64_t>(bytes);
  }
  return std::nullopt;
}

}  // namespace parsimony
