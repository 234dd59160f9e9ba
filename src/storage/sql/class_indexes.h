// Makes and drops the indexes that a class definition asks for.
//
// The index "byPrice" of the class "Product" is "Product.$byPrice": no field can begin with "$", so it meets no index of the product's
// own. The engine compares names without regard to ASCII case, hence a capital letter is written with "^" before it, and "^" as "^^".
#pragma once
#include <string>
#include <vector>

#include "storage/sql/statement.h"
#include "types/class_schema.h"

namespace parsimony {

std::string physical_index_name(const ClassSchema& of, const std::string& index_name);

// What turns the indexes of `before` into those of `after`. Both are the same class with the same fields, or `before` has no indexes.
std::vector<SqlStatement> index_change_statements(const ClassSchema& before, const ClassSchema& after);

}  // namespace parsimony
