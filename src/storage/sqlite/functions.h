// The SQL functions that filters need and SQLite lacks, as storage/sql/filter_compiler.h lists them, and the collations of
// storage/sql/collate.h.
#pragma once
#include <sqlite3.h>

namespace parsimony {

void register_functions(sqlite3* database);

// For a function of SQL that caught an exception: keeps it for rethrow_function_error() and ends the statement.
void fail_function(sqlite3_context* context) noexcept;

// An Error that a function of this thread's last statement ended with cannot pass through SQLite; this throws it behind SQLite.
// Does nothing when there is none.
void rethrow_function_error();

}  // namespace parsimony
