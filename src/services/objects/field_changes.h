// Brings an update and a class together: are the types right, which fields are new, what will the row hold.
#pragma once
#include <string>
#include <vector>

#include "query/update.h"
#include "services/settings.h"
#include "storage/store.h"

namespace parsimony {

struct CompletedClass {
  const ClassSchema& of;
  Filter rows;  // the objects that allow the caller to add these fields
};

// Throws 111 where a change does not fit the type of its field; 119 where it needs a field that the caller may not add.
// Adds the missing fields and returns the class as it is then. Whoever changes an object that is not among the rows undoes it all.
CompletedClass require_fields(Transaction& transaction, const ClassSchema& of, const Update& update, const Caller& caller,
                              const ServiceSettings& settings);
// The same for a new object, which points to nobody yet: throws 119 also where only some objects allow it.
const ClassSchema& require_fields_of_new_object(Transaction& transaction, const ClassSchema& of, const Update& update, const Caller& caller,
                                                const ServiceSettings& settings);

// The fields that the update would add to the class, each once. Throws 111 where the update contradicts the class or itself.
std::vector<Field> missing_fields(const ClassSchema& of, const Update& update);

// Throws 142 when a change leaves a required field of an existing object unset.
void require_values_on_update(const ClassSchema& of, const Update& update);

// The values of a new object: of the update, then defaults. Throws 142 when a required field has none.
FieldValues values_of_new_object(const ClassSchema& of, const Update& update);

// Runs the relation operators of the update. Throws 111 for pointers to another class than the relation's.
void change_relations(Transaction& transaction, const ClassSchema& of, const Update& update, const std::string& object_id);

}  // namespace parsimony
