#include "services/transfer/relation_import.h"

#include <algorithm>

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
    : transaction_(transaction), classes_(classes), file_(file), counts_(counts), class_(transaction.schema().find(file.class_name)) {
  if (!class_) {
    throw ImportError(file.path.string(), "there is no class " + file.class_name + " that could have the relation \"" + file.field +
                                              "\"; import " + file.class_name + ".json or its definition as well");
  }
  relation_ = class_->find(file.field);
  if (relation_ && relation_->spec.type != FieldType::Relation) {
    throw ImportError(file.path.string(), "the file's name says that " + file.field + " is a relation of " + file.class_name + ", but " +
                                              classes.origin_of(*class_, *relation_));
  }
}

void RelationImport::add(const JsonElement& element) {
  JoinRow row{read_id(file_, element, "owningId"), read_id(file_, element, "relatedId")};
  if (relation_) return store(row);
  waiting_.push_back(std::move(row));
  if (waiting_.size() == kRowsThatTell) finish();
}

void RelationImport::finish() {
  if (waiting_.empty()) return;
  class_ = &classes_.add_relation(*class_, file_.field, find_target_class());
  relation_ = class_->find(file_.field);
  for (const JoinRow& row : waiting_) store(row);
  waiting_.clear();
}

std::int64_t RelationImport::count_related(const ClassSchema& in) const {
  Json ids = Json::array();
  for (const JoinRow& row : waiting_) ids.push_back(row.related_id);
  return transaction_.count(in, Filter{Constraint{FieldPath{"objectId", {}}, Comparison::In, std::move(ids), {}}});
}

std::string RelationImport::find_target_class() const {
  std::vector<std::string> holders;
  std::int64_t most = 0;
  for (const auto& [name, candidate] : transaction_.schema().classes) {
    const std::int64_t held = count_related(*candidate);
    if (held == 0 || held < most) continue;
    if (held > most) holders.clear();
    most = held;
    holders.push_back(name);
  }
  if (holders.size() == 1) return holders.front();
  const std::string what =
      holders.empty() ? "no class holds its related ids" : holders[0] + " and " + holders[1] + " both hold its related ids";
  throw ImportError(file_.path.string(), "cannot tell which class the relation " + file_.class_name + "." + file_.field +
                                             " leads to: " + what + "; import the file of that class as well, or a definition of " +
                                             file_.class_name + " that names it");
}

void RelationImport::store(const JoinRow& row) {
  const bool is_new = transaction_.add_join_row(*relation_, row.owning_id, row.related_id);
  ++(is_new ? counts_.added : counts_.unchanged);
}

}  // namespace parsimony
