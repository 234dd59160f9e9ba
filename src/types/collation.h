// How texts are told apart and ordered: byte by byte, or without regard to case and accents.
//
// In JSON {"strength":1}, 2 or 3, as MongoDB writes a collation: 3 tells everything apart, 2 ignores case, 1 accents, too.
// There are no languages: letters fold as Unicode's case folding and decomposition say, and order by their code points.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "types/json.h"

namespace parsimony {

enum class Collation { Exact, IgnoreCase, IgnoreCaseAndAccents };

// Throws 102 for what is no collation.
Collation decode_collation(const Json& value);
Json encode_collation(Collation collation);

// Two texts are equal under a collation when their folded forms are. What is no UTF-8 stays as it is.
std::string fold(std::string_view text, Collation collation);

}  // namespace parsimony
