// The classes as an import finds and makes them.
#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "services/transfer/import_error.h"
#include "storage/store.h"

namespace parsimony {

// A value in a file: of a member of an object, or of the object itself. Borrows all three.
struct ValuePlace {
  const std::filesystem::path& file;
  const JsonElement& element;
  const std::string& member;

  std::string text() const { return place_text(file, element.place_of(member)); }
};

// References to classes and their fields stay valid until the transaction ends.
class ImportedClasses {
 public:
  explicit ImportedClasses(Transaction& transaction) : transaction_(transaction) {}

  // Made, closed to all but the master key, when it is not there.
  const ClassSchema& require_class(const std::string& name);
  // Whether the class had no objects when it was first required here.
  bool was_empty(const std::string& class_name) const { return was_empty_.at(class_name); }

  // The class with that field, which is added when it is not there. Throws ImportError when it has another type, with both places.
  const ClassSchema& require_field(const ClassSchema& of, const FieldSpec& spec, const ValuePlace& place);
  const ClassSchema& add_relation(const ClassSchema& to, const std::string& field, const std::string& target_class);

  // Where the field of that type comes from: "a Number at Product.json:5:14" or "the class definition says Number".
  std::string origin_of(const ClassSchema& of, const Field& field) const;

 private:
  void check_addable(const ClassSchema& to, const FieldSpec& spec, const ValuePlace& place) const;

  Transaction& transaction_;
  std::map<std::string, bool> was_empty_;
  std::map<std::string, std::string> first_places_;  // by "Class.field", of the fields that this import added
};

// "a Number", "an Array".
std::string with_article(const FieldSpec& spec);

}  // namespace parsimony
