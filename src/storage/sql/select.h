// Makes the statements that read rows.
#pragma once
#include "storage/sql/statement.h"
#include "storage/store.h"

namespace parsimony {

// The columns are those of RowLayout(select.fields). Order keys that name no field, or one without an order, are ignored, as Parse does.
// Uses also the function parse_distance(lat, lon, spec): GeoArea::distance_from_center().
SqlStatement select_statement(const Select& select, const SchemaSnapshot& classes);
SqlStatement count_statement(const ClassSchema& of, const Filter& where, const SchemaSnapshot& classes);
// One column a field, each a Number: its sum over the rows.
SqlStatement sum_statement(const ClassSchema& of, const std::vector<const Field*>& fields, const Filter& where,
                           const SchemaSnapshot& classes);
// As select_statement for every row in insertion order behind a position, with the position as one more column at the end.
SqlStatement scan_statement(const ClassSchema& of, const std::vector<const Field*>& fields, std::int64_t position, std::int64_t limit);
SqlStatement join_rows_statement(const Field& relation, const JoinRow& after, std::int64_t limit);

}  // namespace parsimony
