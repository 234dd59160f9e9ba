// Makes one statement of an aggregation pipeline: every stage is a SELECT over the one before.
//
//   WITH "s0" AS (SELECT ... FROM "Product" WHERE ...), "s1" AS (SELECT ... FROM "s0" AS "p" GROUP BY ...) SELECT ... FROM "s1"
//
// Conditions at the front are conditions on the table, so that its indexes serve them. Uses the functions of filter_compiler.h and
// those of storage/sqlite/aggregate_functions.h.
#pragma once
#include <string>
#include <vector>

#include "query/pipeline.h"
#include "storage/sql/statement.h"
#include "storage/store.h"

namespace parsimony {

struct AggregateStatement {
  SqlStatement sql;
  std::vector<Field> fields;  // of the answer, one column each; types as in aggregate_shape.h. A required one is shown even when unset
};

// `file_prefix` is that of FileUrls. Throws 102 for a stage that cannot be done.
AggregateStatement aggregate_statement(const ClassSchema& of, const Pipeline& pipeline, const SchemaSnapshot& classes,
                                       const std::string& file_prefix);

}  // namespace parsimony
