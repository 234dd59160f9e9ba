// One field in Parse Server's defined-schema form: {"type":"Pointer","targetClass":"Product","required":true,"defaultValue":...,
// "onDelete":"cascade"}.
#pragma once
#include <string>
#include <vector>

#include "common/error.h"
#include "types/class_schema.h"

namespace parsimony {

// Throws 105 for a bad name, 107, 111, 135 and 103 for a bad definition, as POST /schemas does.
Field read_field_definition(const std::string& class_name, const std::string& field_name, const Json& definition);
Json encode_field_definition(const Field& field);

Error field_exists(const std::string& field_name);  // 255
// A field that a class has by itself may stand in a definition as /schemas shows it. Throws 255 for another type.
void require_shown_type(const Field& known, const Json& definition);

// Throws 111 when there is more than one.
void require_single_geo_point(const std::vector<Field>& fields);

Error invalid_class_name(const std::string& class_name);  // 103

}  // namespace parsimony
