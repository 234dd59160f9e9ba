// Makes the condition for a sub-query: a SELECT within the WHERE, so that no list of ids travels.
#pragma once
#include "query/filter.h"
#include "storage/sql/statement.h"
#include "types/class_schema.h"

namespace parsimony {

// As compile_filter() for one sub-query. Uses also the function
//   parse_keys(json, flatten)  a JSON array with the equality_key() of the value and, of an array, of its elements; with `flatten` of
//                              the elements alone, as "$in" reads a list within its list. Nothing for null.
void compile_sub_query(const SubQuery& sub_query, const ClassSchema& of, const SchemaSnapshot& classes, int open, SqlStatement& out);

}  // namespace parsimony
