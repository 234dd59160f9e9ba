// Rows as the product's own services read them: without a caller, with every field.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "storage/store.h"

namespace parsimony {

// Objects in Parse's JSON encoding, without what is unset; files without their URL.
std::vector<Json> read_rows(Reads& reads, const ClassSchema& of, const Filter& where, std::optional<std::int64_t> limit = std::nullopt);
std::optional<Json> read_row(Reads& reads, const ClassSchema& of, const Filter& where);

// A member that is a text; empty when there is none.
std::string text_of_member(const Json& object, std::string_view name);

}  // namespace parsimony
