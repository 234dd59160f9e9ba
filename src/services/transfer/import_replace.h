// ImportMode::Replace: removes what the imported files do not name.
#pragma once
#include <map>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>

#include "services/transfer/import.h"

namespace parsimony {

// What the files name: all of a class or relation that has an entry here.
struct KeptRows {
  std::map<std::string, std::unordered_set<std::string>> objects;                                          // ids by class
  std::map<std::pair<std::string, std::string>, std::set<std::pair<std::string, std::string>>> relations;  // by class and field
};

// Deletes the other objects, with what the fields that lead to them ask for (services/objects/object_removal.h), and the other rows of
// the relations. Throws ImportError when that is refused.
void remove_others(Transaction& transaction, const KeptRows& kept, ImportReport& report);

}  // namespace parsimony
