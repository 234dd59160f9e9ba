// The index of a class's GeoPoint field: the R*Tree "Class.field.geo" (a name that no class can have) over the class's rows, and the
// triggers that keep it in step with them.
#pragma once
#include <string>
#include <vector>

#include "storage/sql/statement.h"
#include "types/class_schema.h"

namespace parsimony {

std::string geo_index_table(const ClassSchema& of, const Field& field);
// Makes the index and fills it from the rows that are there.
std::vector<SqlStatement> geo_index_statements(const ClassSchema& of, const Field& field);
// Before the columns or the class are dropped.
std::vector<SqlStatement> drop_geo_index_statements(const ClassSchema& of, const Field& field);

}  // namespace parsimony
