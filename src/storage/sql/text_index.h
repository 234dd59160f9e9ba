// Full-text indexes: the tables in which `$text` looks words up, and the triggers that keep them in step with the rows.
//
// An index definition {"name":{"subject":"text"}} of a class, in ClassSchema::indexes, asks for one on the String field "subject". Each
// field has one of its own, the FTS5 table "Class.subject.text" (a name that no class can have) over the class's rows.
#pragma once
#include <string>
#include <vector>

#include "storage/sql/statement.h"
#include "types/class_schema.h"

namespace parsimony {

// Whether an index definition of the class asks for a full-text index of the field. Only String fields have one.
bool has_text_index(const ClassSchema& of, const Field& field);

std::string text_index_table(const ClassSchema& of, const Field& field);

// Makes the index of one field and fills it from the rows that are there. For an index that comes with the class, a field that comes
// with an index, or an index that is added to what exists; run once a field, however many definitions name it.
std::vector<SqlStatement> text_index_statements(const ClassSchema& of, const Field& field);
// Before the column or the class is dropped.
std::vector<SqlStatement> drop_text_index_statements(const ClassSchema& of, const Field& field);

}  // namespace parsimony
