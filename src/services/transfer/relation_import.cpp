#include "services/transfer/relation_import.h"

#include <unordered_set>

#include "services/transfer/relation_target.h"

namespace parsimony {
namespace {

constexpr std::size_t kRowsThatTell = 100;

std::string read_id(const ImportFile& file, const JsonElement& row, const std::string& name) {
  const std::string* id = find_string(row.value, name);
  if (!id || id->empty() || id->size() > kMaxNameLength) {
    throw ImportError(place_text(file.path, row.place_of(name)), "a row of a relation is {\"owningId\":\"...\",\"relatedId\":\"...\"}");
  }
  return *id;
}

}  // namespace

RelationImport::RelationImport(Transaction& transaction, ImportedClasses& classes, const ImportFile& file, ImportCounts& counts)
    : transaction_(transaction), classes_(classes), file_(file), counts_(counts) {
  const ClassSchema* owner = transaction.schema().find(file.class_name);
  relation_ = owner ? owner->find(file.field) : nullptr;
  if (relation_ && relation_->spec.type != FieldType::Relation) {
    throw ImportError(file.path.string(), "the file's name says that " + file.field + " is a relation of " + file.class_name + ", but " +
                                              classes.origin_of(*owner, *relation_));
  }
}

JoinRow RelationImport::add(const JsonElement& element) {
  JoinRow row{read_id(file_, element, "owningId"), read_id(file_, element, "relatedId")};
  if (relation_) {
    store(row);
    return row;
  }
  waiting_.push_back(row);
  if (waiting_.size() == kRowsThatTell) finish();
  return row;
}

void RelationImport::finish() {
  if (waiting_.empty()) return;
  std::unordered_set<std::string> related_ids;
  for (const JoinRow& row : waiting_) related_ids.insert(row.related_id);
  const std::string target = find_relation_target(transaction_, file_, related_ids);
  relation_ = classes_.add_relation(classes_.require_class(file_.class_name), file_.field, target).find(file_.field);
  for (const JoinRow& row : waiting_) store(row);
  waiting_.clear();
}

void RelationImport::store(const JoinRow& row) {
  const bool is_new = transaction_.add_join_row(*relation_, row.owning_id, row.related_id);
  ++(is_new ? counts_.added : counts_.unchanged);
}

}  // namespace parsimony
