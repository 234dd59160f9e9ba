// Makes SQL of the expressions of an aggregation pipeline.
//
// Uses the functions agg_* that the engine's room supplies (storage/sqlite/aggregate_functions.h).
#pragma once
#include "query/pipeline.h"
#include "storage/sql/aggregate_shape.h"

namespace parsimony {

TypedSql compile_expression(const Expression& expression, const Shape& shape);

}  // namespace parsimony
