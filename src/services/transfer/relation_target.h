// Which class a relation leads to, where no definition says it.
#pragma once
#include <string>
#include <unordered_set>

#include "services/transfer/import_files.h"
#include "storage/store.h"

namespace parsimony {

// The class that holds the related ids: in the database, or else in the files beside the relation's, which also may say it in so many
// words, {"__type":"Relation","className":"ProductCategory"}. Throws ImportError when that cannot be told.
std::string find_relation_target(Reads& reads, const ImportFile& relation, const std::unordered_set<std::string>& related_ids);

}  // namespace parsimony
