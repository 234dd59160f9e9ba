// Makes the statements that change rows.
#pragma once
#include <string_view>
#include <vector>

#include "storage/sql/statement.h"
#include "storage/store.h"

namespace parsimony {

SqlStatement insert_statement(const ClassSchema& into, const FieldValues& values);
SqlStatement update_statement(const ClassSchema& in, std::string_view object_id, const FieldValues& values);
SqlStatement delete_statement(const ClassSchema& from, std::string_view object_id);
SqlStatement add_join_row_statement(const Field& relation, std::string_view owning_id, std::string_view related_id);
SqlStatement remove_join_row_statement(const Field& relation, std::string_view owning_id, std::string_view related_id);
SqlStatement remove_join_rows_statement(const Field& relation, JoinSide side, std::string_view object_id);
std::vector<SqlStatement> remove_all_statements(const ClassSchema& from);

}  // namespace parsimony
