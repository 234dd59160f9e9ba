// Imports the objects of one file into its class.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>

#include "services/transfer/import.h"
#include "services/transfer/import_files.h"
#include "services/transfer/imported_classes.h"

namespace parsimony {

class ObjectImport {
 public:
  // Makes the class when it is not there. All are borrowed.
  ObjectImport(Transaction& transaction, ImportedClasses& classes, const ImportFile& file, const ImportOptions& options,
               ImportCounts& counts);

  // Returns the object's id. Throws ImportError with the place.
  std::string add(JsonElement& element);

 private:
  // An object as the file has it. Dates that it lacks are unset.
  struct Incoming {
    std::string object_id;
    std::optional<std::string> created_at;
    std::optional<std::string> updated_at;
    FieldValues values;  // of the other fields that are set
  };

  Incoming read(JsonElement& element);
  void take_member(Incoming& object, const std::string& name, Json& value, const ValuePlace& place);
  void take_field(Incoming& object, Json& value, const ValuePlace& place);
  std::string made_id(const JsonElement& element);
  void insert(Incoming object, const JsonElement& element);
  // False when the class has no object with this id.
  bool make_equal(const Incoming& object, const JsonElement& element);
  void update(const std::string& object_id, const FieldValues& values, const JsonElement& element);
  [[noreturn]] void refuse_clash(const std::string& object_id, const JsonElement& element) const;

  Transaction& transaction_;
  ImportedClasses& classes_;
  const ImportFile& file_;
  const ImportOptions& options_;
  ImportCounts& counts_;
  const ClassSchema* class_;
  std::unordered_map<std::string, std::size_t> made_ids_;  // how often each came up in this file
};

}  // namespace parsimony
