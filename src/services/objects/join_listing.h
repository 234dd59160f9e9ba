// The rows of a relation's join table, "_Join:field:Class", as a find answers them to the master key.
#pragma once
#include <string>

#include "query/find_options.h"
#include "storage/store.h"

namespace parsimony {

// The answer as JSON text: {"results":[{"owningId","relatedId"},...]}, with "count" when it was asked for; nothing where there is no such
// relation. Throws 102 for a filter on anything but equal ids. The caller must have been checked.
std::string list_join_rows(Reads& reads, const std::string& class_name, const FindOptions& options);

}  // namespace parsimony
