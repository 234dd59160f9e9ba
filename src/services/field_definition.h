// One field in Parse Server's defined-schema form: {"type":"Pointer","targetClass":"Product","required":true,"defaultValue":...}.
#pragma once
#include <string>
#include <vector>

#include "common/error.h"
#include "types/class_schema.h"

namespace parsimony {

// Throws 105 for a bad name, 107, 111, 135 and 103 for a bad definition, as POST /schemas does.
Field read_field_definition(const std::string& class_name, const std::string& field_name, const Json& definition);
Json encode_field_definition(const Field& field);

// Throws 111 when there is more than one.
void require_single_geo_point(const std::vector<Field>& fields);

Error invalid_class_name(const std::string& class_name);  // 103

}  // namespace parsimony
