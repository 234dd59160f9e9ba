// What a caller may read, put into a filter wherever it refers to other objects than those it selects.
#pragma once
#include <string>

#include "access/caller.h"
#include "services/settings.h"
#include "storage/store.h"

namespace parsimony {

// Adds to each sub-query the class permission and the object ACLs of its class, and to each "$relatedTo" those of the owner, at every
// depth. A sub-query is a find of its own: throws 119, or 101 where the class asks for a user, when the caller may not find in its
// class. An owner that the caller may not read makes the relation empty, as Parse does.
// Throws 119 for a condition on a field that is protected from the caller, in the class itself (`of`) and in those; one on a private field
// holds for the caller's own row alone. What is hidden is not among the values that a sub-query selects.
void add_access_conditions(Filter& filter, const ClassSchema& of, const Caller& caller, const SchemaSnapshot& classes,
                           const ServiceSettings& settings);

// The refusal of such a condition.
Error hidden_field(const std::string& path, const ClassSchema& of, const ServiceSettings& settings);

// Whether all objects that the filter can match are the caller's own row of _User.
bool is_own_row_alone(const Filter& filter, const HiddenFields& hidden);

}  // namespace parsimony
