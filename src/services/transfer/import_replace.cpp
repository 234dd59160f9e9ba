#include "services/transfer/import_replace.h"

#include <vector>

#include "common/error.h"
#include "services/objects/object_removal.h"
#include "services/transfer/import_error.h"

namespace parsimony {
namespace {

constexpr std::int64_t kRowsOfPage = 5000;

std::vector<std::string> other_objects(Transaction& transaction, const ClassSchema& of, const std::unordered_set<std::string>& kept) {
  std::vector<std::string> others;
  std::optional<std::int64_t> position = 0;
  while (position) {
    position = transaction.scan(of, {of.find("objectId")}, *position, kRowsOfPage, [&](const Row& row) {
      std::string id(row.text(0));
      if (!kept.contains(id)) others.push_back(std::move(id));
    });
  }
  return others;
}

std::size_t remove_objects(Transaction& transaction, const std::string& class_name, const std::unordered_set<std::string>& kept) {
  const ClassSchema& of = *transaction.schema().find(class_name);
  const std::vector<std::string> others = other_objects(transaction, of, kept);
  ObjectRemoval removal(transaction);
  try {
    for (const std::string& id : others) removal.remove(of, id);
  } catch (const Error& error) {
    throw ImportError(class_name, "objects that are in no file cannot be removed: " + error.message());
  }
  return others.size();
}

std::size_t remove_join_rows(Transaction& transaction, const Field& relation, const std::set<std::pair<std::string, std::string>>& kept) {
  std::size_t removed = 0;
  JoinRow last;
  for (auto page = transaction.join_rows(relation, last, kRowsOfPage); !page.empty();
       page = transaction.join_rows(relation, last, kRowsOfPage)) {
    last = page.back();
    for (const JoinRow& row : page) {
      if (kept.contains({row.owning_id, row.related_id})) continue;
      transaction.remove_join_row(relation, row.owning_id, row.related_id);
      ++removed;
    }
  }
  return removed;
}

}  // namespace

void remove_others(Transaction& transaction, const KeptRows& kept, ImportReport& report) {
  for (const auto& [class_name, ids] : kept.objects) report.classes[class_name].removed = remove_objects(transaction, class_name, ids);
  for (const auto& [name, rows] : kept.relations) {
    const ClassSchema* of = transaction.schema().find(name.first);
    const Field* relation = of ? of->find(name.second) : nullptr;  // an empty file makes none
    if (relation) report.relations[name.first + "." + name.second].removed = remove_join_rows(transaction, *relation, rows);
  }
}

}  // namespace parsimony
