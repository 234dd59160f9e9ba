#include "services/objects/object_removal.h"

#include <algorithm>

#include "common/clock.h"
#include "common/error.h"
#include "types/pointer.h"

namespace parsimony {
namespace {

constexpr std::int64_t kIdsOfPage = 1000;

bool acts_on(const Field& field, const ClassSchema& target) {
  return field.on_delete != OnDelete::None && field.spec.target_class == target.name();
}

bool is_acted_on(const SchemaSnapshot& classes, const ClassSchema& target) {
  return std::any_of(classes.classes.begin(), classes.classes.end(), [&](const auto& entry) {
    const auto& fields = entry.second->fields();
    return std::any_of(fields.begin(), fields.end(), [&](const Field& field) { return acts_on(field, target); });
  });
}

Error too_many() {
  return {error_code::kRequestLimitExceeded, "This deletion reaches more than " + std::to_string(kMaxCascadedRows) +
                                                 " other objects, or goes through more than " + std::to_string(kMaxCascadeDepth) +
                                                 " of them; delete some of those first"};
}

}  // namespace

void ObjectRemoval::remove(const ClassSchema& from, const std::string& object_id, int depth) {
  if (depth > kMaxCascadeDepth) throw too_many();
  removed_.emplace(from.name(), object_id);
  for (const auto& [name, of] : transaction_.schema().classes) {
    for (const Field& field : of->fields()) {
      if (acts_on(field, from)) follow(*of, field, from, object_id, depth);
    }
  }
  leave_relations(from, object_id, depth);
  transaction_.remove(from, object_id);
}

void ObjectRemoval::follow(const ClassSchema& of, const Field& field, const ClassSchema& target, const std::string& target_id, int depth) {
  const std::vector<std::string> ids = referrers(of, field, target, target_id);
  if (field.on_delete == OnDelete::Restrict && !ids.empty()) {
    throw Error(error_code::kValidationError, "This object of class " + target.name() + " cannot be deleted: " + of.name() + "." +
                                                  field.name + " of other objects leads to it.");
  }
  others_ += ids.size();
  if (others_ > kMaxCascadedRows) throw too_many();
  for (const std::string& id : ids) {
    if (field.on_delete == OnDelete::Clear) clear(of, field, id);
    if (field.on_delete == OnDelete::Cascade && !removed_.contains({of.name(), id})) remove(of, id, depth + 1);
  }
  if (field.spec.type == FieldType::Relation) transaction_.remove_join_rows(field, JoinSide::Related, target_id);
}

void ObjectRemoval::clear(const ClassSchema& of, const Field& field, const std::string& object_id) {
  FieldValues values = {{of.find("updatedAt"), now_iso()}};
  if (field.spec.type == FieldType::Pointer) values.push_back({&field, nullptr});
  transaction_.update(of, object_id, values);
}

std::vector<std::string> ObjectRemoval::referrers(const ClassSchema& of, const Field& field, const ClassSchema& target,
                                                  const std::string& target_id) {
  if (of.name() == emptied_class_) return {};
  const Filter where = equals(field.name, encode(Pointer{target.name(), target_id}));
  const auto most = static_cast<std::int64_t>(kMaxCascadedRows + removed_.size() + 1);
  std::vector<std::string> ids;
  transaction_.find(Select{&of, {of.find("objectId")}, &where, {}, most, 0}, [&](const Row& row) { ids.emplace_back(row.text(0)); });
  std::erase_if(ids, [&](const std::string& id) { return removed_.contains({of.name(), id}); });
  return ids;
}

// A deletion leaves the rows of a plain relation behind, as Parse Server does; where a relation acts on deletions they would count.
void ObjectRemoval::leave_relations(const ClassSchema& of, const std::string& object_id, int depth) {
  for (const Field& field : of.fields()) {
    if (field.spec.type != FieldType::Relation) continue;
    if (depth > 0 || field.on_delete != OnDelete::None) transaction_.remove_join_rows(field, JoinSide::Owning, object_id);
  }
}

void ObjectRemoval::remove_all(const ClassSchema& from) {
  if (is_acted_on(transaction_.schema(), from)) {
    emptied_class_ = from.name();
    const auto remove_row = [&](const std::string& id) {
      if (!removed_.contains({from.name(), id})) remove(from, id);
    };
    std::vector<std::string> ids;
    do {
      ids.clear();
      transaction_.scan(from, {from.find("objectId")}, 0, kIdsOfPage, [&](const Row& row) { ids.emplace_back(row.text(0)); });
      std::for_each(ids.begin(), ids.end(), remove_row);
    } while (!ids.empty());
  }
  transaction_.remove_all(from);
}

}  // namespace parsimony
