#include "services/sessions/role_reader.h"

#include <algorithm>
#include <set>
#include <utility>

#include "types/pointer.h"

namespace parsimony {
namespace {

struct Role {
  std::string id;
  std::string name;
};

Json pointers(const std::string& class_name, const std::vector<std::string>& ids) {
  Json list = Json::array();
  for (const std::string& id : ids) list.push_back(encode(Pointer{class_name, id}));
  return list;
}

// The roles whose relation holds one of the objects.
std::vector<Role> roles_with(Reads& reads, const ClassSchema& roles, const std::string& relation, Json objects) {
  const Filter where{Constraint{FieldPath{relation, {}}, Comparison::In, std::move(objects), {}}};
  std::vector<Role> found;
  reads.find(Select{&roles, {roles.find("objectId"), roles.find("name")}, &where, {}, std::nullopt, 0}, [&](const Row& row) {
    found.push_back({std::string(row.text(0)), std::string(row.text(1))});
  });
  return found;
}

}  // namespace

std::vector<std::string> roles_of(Reads& reads, const std::string& user_id) {
  const ClassSchema* roles = reads.schema().find("_Role");
  if (!roles) return {};
  std::vector<std::string> names;
  std::set<std::string> known;
  std::vector<Role> next = roles_with(reads, *roles, "users", pointers("_User", {user_id}));
  while (!next.empty()) {
    std::vector<std::string> ids;
    for (Role& role : next) {
      if (!known.insert(role.id).second) continue;
      names.push_back("role:" + role.name);
      ids.push_back(std::move(role.id));
    }
    next = ids.empty() ? std::vector<Role>{} : roles_with(reads, *roles, "roles", pointers("_Role", ids));
  }
  return names;
}

std::vector<HeldRole> held_roles_of(Reads& reads, const std::string& user_id) {
  const ClassSchema* roles = reads.schema().find("_Role");
  if (!roles || user_id.empty()) return {};
  std::vector<HeldRole> held;
  std::vector<Role> known;
  const auto add = [&](std::vector<Role> found, const std::string& through) {
    for (Role& role : found) {
      if (std::any_of(known.begin(), known.end(), [&](const Role& other) { return other.id == role.id; })) continue;
      held.push_back({"role:" + role.name, through});
      known.push_back(std::move(role));
    }
  };
  add(roles_with(reads, *roles, "users", pointers("_User", {user_id})), {});
  for (std::size_t i = 0; i < known.size(); ++i) {
    add(roles_with(reads, *roles, "roles", pointers("_Role", {known[i].id})), std::string(held[i].name));
  }
  return held;
}

}  // namespace parsimony
