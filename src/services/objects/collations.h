// Says of every condition on a String field how it tells texts apart.
#pragma once
#include <optional>
#include <vector>

#include "query/find_options.h"
#include "types/class_schema.h"

namespace parsimony {

// `asked` where the query says so, otherwise what each field is defined with; at every depth, in sub-queries by the fields of their
// class.
void apply_collations(Filter& filter, const ClassSchema& of, const SchemaSnapshot& classes, std::optional<Collation> asked);
void apply_collations(std::vector<SortKey>& order, const ClassSchema& of, std::optional<Collation> asked);

}  // namespace parsimony
