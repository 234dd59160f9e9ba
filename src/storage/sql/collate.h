// The clause of SQL that names a collation. storage/sqlite/functions.h supplies the collations themselves.
#pragma once
#include <string_view>

#include "types/collation.h"

namespace parsimony {

// Empty for Collation::Exact, which is the engine's own way.
constexpr std::string_view collate(Collation collation) {
  switch (collation) {
    case Collation::Exact: return "";
    case Collation::IgnoreCase: return " COLLATE parse_ignore_case";
    case Collation::IgnoreCaseAndAccents: return " COLLATE parse_ignore_case_and_accents";
  }
  return "";
}

}  // namespace parsimony
