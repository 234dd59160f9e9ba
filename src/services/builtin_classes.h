// The classes of Parse itself, with their columns (schema/builtin/*.json, server-behaviour.md section 5.2).
//
// A new database has _User and _Role and the internal ones. _Session, _Installation and _Product are made by their first use, as in
// Parse Server, where /schemas does not list them before.
#pragma once
#include <span>
#include <string_view>

#include "storage/store.h"
#include "types/class_schema.h"

namespace parsimony {

// The definition, with its fields and Parse Server's permissions; null for any other class.
const ClassSchema* builtin_class(std::string_view class_name);

// One that the product keeps for itself: it is for the master key alone, is in no list of classes and cannot be changed.
bool is_internal_class(std::string_view class_name);

// Whether the class has the field by itself, so that nobody can add, change or delete it.
bool is_default_field(std::string_view class_name, std::string_view field_name);

// The fields that every object of the class must have a value in.
std::span<const std::string_view> required_builtin_fields(std::string_view class_name);

// Makes what is missing of the classes that every database has.
void ensure_builtin_classes(Store& store);

}  // namespace parsimony
