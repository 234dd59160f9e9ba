#include "types/acl.h"

#include <iterator>
#include <map>
#include <string_view>

#include "common/error.h"

namespace parsimony {
namespace {

[[noreturn]] void refuse() { throw Error(error_code::kInvalidAcl, "Invalid ACL."); }

bool grants(const Json& entry, std::string_view right) {
  const Json* value = find_member(entry, right);
  return value != nullptr && value->is_boolean() && value->get<bool>();
}

}  // namespace

Acl decode_acl(const Json& value) {
  const auto* entries = value.get_ptr<const Json::object_t*>();
  if (entries == nullptr) refuse();
  Acl acl;
  for (const auto& [principal, entry] : *entries) {
    if (!entry.is_object() || principal == "*unresolved") refuse();
    if (grants(entry, "read")) acl.read.push_back(principal);
    if (grants(entry, "write")) acl.write.push_back(principal);
  }
  return acl;
}

Json encode(const Acl& acl) {
  Json::object_t entries;
  std::map<std::string_view, std::size_t> position;
  const auto grant = [&](const std::string& principal, const char* right) {
    const auto [known, is_new] = position.emplace(principal, entries.size());
    if (is_new) entries.emplace_back(principal, Json::object());
    std::next(entries.begin(), static_cast<std::ptrdiff_t>(known->second))->second[right] = true;
  };
  for (const std::string& principal : acl.read) grant(principal, "read");
  for (const std::string& principal : acl.write) grant(principal, "write");
  return entries;
}

}  // namespace parsimony
