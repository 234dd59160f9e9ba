#include "services/transfer/relation_target.h"

#include <fstream>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "services/transfer/import_error.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

// How many of the related ids each class holds.
using Holders = std::map<std::string, std::int64_t>;
using Ids = std::unordered_set<std::string>;

Holders holders_in_database(Reads& reads, const Ids& ids) {
  Json wanted = Json::array();
  for (const std::string& id : ids) wanted.push_back(id);
  const Filter where{Constraint{FieldPath{"objectId", {}}, Comparison::In, std::move(wanted), {}}};
  Holders holders;
  for (const auto& [name, schema] : reads.schema().classes) {
    if (const std::int64_t held = reads.count(*schema, where)) holders[name] = held;
  }
  return holders;
}

// Files that cannot be read tell nothing; they are refused when they are imported themselves.
void visit_objects(const fs::path& file, const std::function<void(const Json&)>& visit) {
  std::ifstream in(file, std::ios::binary);
  try {
    const auto visit_element = [&](const JsonElement& element) { visit(element.value); };
    has_lines(file) ? for_each_json_line(in, visit_element) : for_each_json_element(in, visit_element);
  } catch (const JsonSyntaxError&) {
    return;
  }
}

std::optional<std::string> named_target(const ImportFile& relation) {
  std::optional<std::string> target;
  visit_objects(relation.path.parent_path() / (relation.class_name + ".json"), [&](const Json& object) {
    const Json* value = find_member(object, relation.field);
    const std::string* type = value ? find_string(*value, "__type") : nullptr;
    const std::string* class_name = value ? find_string(*value, "className") : nullptr;
    if (type && *type == "Relation" && class_name && is_valid_class_name(*class_name)) target = *class_name;
  });
  return target;
}

Holders holders_in_folder(const ImportFile& relation, const Ids& ids) {
  Holders holders;
  const fs::path folder = relation.path.has_parent_path() ? relation.path.parent_path() : fs::path(".");
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string class_name = entry.path().stem().string();
    if (!is_import_file(entry.path()) || !is_valid_class_name(class_name)) continue;
    visit_objects(entry.path(), [&](const Json& object) {
      const std::string* id = find_string(object, "objectId");
      if (id && ids.contains(*id)) ++holders[class_name];
    });
  }
  return holders;
}

std::vector<std::string> with_most(const Holders& holders) {
  std::vector<std::string> names;
  std::int64_t most = 0;
  for (const auto& [name, held] : holders) {
    if (held < most) continue;
    if (held > most) names.clear();
    most = held;
    names.push_back(name);
  }
  return names;
}

}  // namespace

std::string find_relation_target(Reads& reads, const ImportFile& relation, const Ids& related_ids) {
  Holders holders = holders_in_database(reads, related_ids);
  if (holders.empty() && !relation.text) {
    if (const auto target = named_target(relation)) return *target;
    holders = holders_in_folder(relation, related_ids);
  }
  const std::vector<std::string> names = with_most(holders);
  if (names.size() == 1) return names.front();
  const std::string what = names.empty() ? "no class holds its related ids" : names[0] + " and " + names[1] + " both hold its related ids";
  throw ImportError(relation.path.string(), "cannot tell which class the relation " + relation.class_name + "." + relation.field +
                                                " leads to: " + what + "; import the objects of that class as well, or a definition of " +
                                                relation.class_name + " that names it");
}

}  // namespace parsimony
