// What a caller may read, put into a filter wherever it refers to other objects than those it selects.
#pragma once
#include "access/caller.h"
#include "services/settings.h"
#include "storage/store.h"

namespace parsimony {

// Adds to each sub-query the class permission and the object ACLs of its class, and to each "$relatedTo" those of the owner, at every
// depth. A sub-query is a find of its own: throws 119, or 101 where the class asks for a user, when the caller may not find in its
// class. An owner that the caller may not read makes the relation empty, as Parse does.
void add_access_conditions(Filter& filter, const Caller& caller, const SchemaSnapshot& classes, const ServiceSettings& settings);

}  // namespace parsimony
