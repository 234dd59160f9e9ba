// Class definitions in Parse Server's defined-schema form, and bringing the database in line with them.
//
//   {"className":"Product","fields":{"price":{"type":"Number","required":true,"defaultValue":0},...},
//    "classLevelPermissions":{"find":{"*":true},...},"indexes":{"byPrice":{"price":1},...}}
//
// A file holds one definition, an array of them, {"definitions":[...]} as the option schema, or {"results":[...]} as GET /schemas
// answers.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "services/settings.h"
#include "storage/store.h"

namespace parsimony {

// Where the permissions of a new class come from when its definition says nothing about them.
enum class NewClass {
  Open,   // made by a client over REST or an SDK: Parse Server's public permissions
  Closed  // made by an import, the command line or a page: for the master key alone
};

// Reads one definition. Throws 102, 103, 105, 107, 111, 135, 136 as POST /schemas does.
ClassSchema parse_definition(const Json& json, NewClass kind);

// Reads the definitions of a file's text. Throws JsonSyntaxError, DefinitionFault (definition_fault.h).
std::vector<ClassSchema> parse_definitions(std::string_view text);

// How definitions are held against a database that differs (Parse Server's options schema.*).
struct DefinitionOptions {
  bool strict = false;                    // refuse: throws 255 with all differences in its text
  bool delete_extra_fields = false;       // drop fields that the definition of their class does not have
  bool recreate_modified_fields = false;  // drop a field of another type and make it anew, without its data
  bool keep_unknown_indexes = false;      // leave indexes that a definition with indexes does not name
};

// Makes missing classes and adds missing fields, sets permissions, field options and, where a definition names any, indexes to what the
// definitions say. A field that has another type in the database is left as it is and returned as a line of text for the user.
std::vector<std::string> apply_definitions(Transaction& transaction, const std::vector<ClassSchema>& definitions,
                                           const DefinitionOptions& options = {});

// The definition as the REST API shows it.
Json encode_definition(const ClassSchema& of);

}  // namespace parsimony
