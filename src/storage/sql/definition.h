// Makes the statements that define tables, and chooses the physical names of classes and fields.
//
// A class "Product" is the table "Product" with the columns "_seq" (insertion order), "_rperm", "_wperm" and those of its fields; its
// relation field "categories" is the table "_Join:categories:Product". Names are kept as the user wrote them; where the engine
// cannot hold one, equal to another but for ASCII case, it gets the suffix "$2", "$3", ...; one that the engine reserves ("sqlite_x",
// "json_each") gets that as a prefix.
#pragma once
#include <string>
#include <vector>

#include "storage/sql/statement.h"
#include "types/class_schema.h"

namespace parsimony {

// The definition with table and columns chosen, beside the classes that exist.
ClassSchema with_physical_names(const ClassSchema& definition, const SchemaSnapshot& existing);
// The same for fields that are to be added to a class.
void choose_physical_names(std::vector<Field>& fields, const ClassSchema& of, const SchemaSnapshot& existing);

std::vector<SqlStatement> create_class_statements(const ClassSchema& definition);
std::vector<SqlStatement> drop_class_statements(const ClassSchema& definition);
std::vector<SqlStatement> add_field_statements(const ClassSchema& to, const Field& field);
// The indexes of fields whose `lookup` differs, dropped and made.
std::vector<SqlStatement> lookup_change_statements(const ClassSchema& before, const ClassSchema& after);
std::vector<SqlStatement> drop_field_statements(const ClassSchema& from, const Field& field);

}  // namespace parsimony
