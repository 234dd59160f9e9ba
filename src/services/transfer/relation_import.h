// Imports the rows of one relation file.
#pragma once
#include <string>
#include <vector>

#include "services/transfer/import.h"
#include "services/transfer/import_files.h"
#include "services/transfer/imported_classes.h"

namespace parsimony {

// Runs after all objects are in. Where no definition and no object says which class the relation leads to, relation_target.h finds it
// by the first related ids.
class RelationImport {
 public:
  // All are borrowed. Throws ImportError when the field is no relation.
  RelationImport(Transaction& transaction, ImportedClasses& classes, const ImportFile& file, ImportCounts& counts);

  // Throws ImportError with the place.
  JoinRow add(const JsonElement& element);
  // After the last row.
  void finish();

 private:
  void store(const JoinRow& row);

  Transaction& transaction_;
  ImportedClasses& classes_;
  const ImportFile& file_;
  ImportCounts& counts_;
  const Field* relation_ = nullptr;  // null: still to be found out
  std::vector<JoinRow> waiting_;     // until then
};

}  // namespace parsimony
