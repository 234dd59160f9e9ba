#include "types/collation.h"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>

#include "common/error.h"

namespace parsimony {

Collation decode_collation(const Json& value) {
  const Json* strength = find_member(value, "strength");
  if (strength && strength->is_number_integer() && value.size() == 1) {
    switch (strength->get<std::int64_t>()) {
      case 1: return Collation::IgnoreCaseAndAccents;
      case 2: return Collation::IgnoreCase;
      case 3: return Collation::Exact;
      default: break;
    }
  }
  throw Error(error_code::kInvalidQuery, "bad collation: use {\"strength\":1} to ignore case and accents, 2 to ignore case, 3 for neither");
}

Json encode_collation(Collation collation) {
  return {{"strength", collation == Collation::Exact ? 3 : collation == Collation::IgnoreCase ? 2 : 1}};
}

std::string fold(std::string_view text, Collation collation) {
  if (collation == Collation::Exact) return std::string(text);
  int options = UTF8PROC_STABLE | UTF8PROC_CASEFOLD | UTF8PROC_COMPOSE;
  if (collation == Collation::IgnoreCaseAndAccents) options = UTF8PROC_STABLE | UTF8PROC_CASEFOLD | UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK;
  utf8proc_uint8_t* folded = nullptr;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const auto size = utf8proc_map(bytes, static_cast<utf8proc_ssize_t>(text.size()), &folded, static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(folded, &std::free);
  return size < 0 ? std::string(text) : std::string(reinterpret_cast<const char*>(folded), static_cast<std::size_t>(size));
}

}  // namespace parsimony
