#include "query/denied_keywords.h"

#include <string_view>

#include "common/error.h"

namespace parsimony {
namespace {

class DenyWalk {
 public:
  explicit DenyWalk(const std::vector<DeniedKeyword>& denied) : denied_(denied) {}

  void visit(const Json& value) const {
    if (value.is_array()) {
      for (const Json& element : value) visit(element);
    } else if (value.is_object()) {
      for (const auto& [key, member] : value.items()) {
        check(key, member);
        visit(member);
      }
    }
  }

 private:
  void check(const std::string& key, const Json& value) const {
    for (const DeniedKeyword& denied : denied_) {
      const bool key_matches = !denied.key || is_step(*denied.key, key);
      const bool value_matches = denied.value.is_null() || denied.value == value;
      if (key_matches && value_matches) refuse(denied);
    }
  }

  // A dotted key is a way, of which no step may be the denied one.
  static bool is_step(std::string_view denied, std::string_view key) {
    while (key.size() > denied.size()) {
      const std::size_t dot = key.find('.');
      if (key.substr(0, dot) == denied) return true;
      if (dot == std::string_view::npos) return false;
      key.remove_prefix(dot + 1);
    }
    return key == denied;
  }

  [[noreturn]] static void refuse(const DeniedKeyword& denied) {
    Json shown = Json::object();
    if (denied.key) shown["key"] = *denied.key;
    if (!denied.value.is_null()) shown["value"] = denied.value;
    throw Error(error_code::kInvalidKeyName, "Prohibited keyword in request data: " + to_json_text(shown) + ".");
  }

  const std::vector<DeniedKeyword>& denied_;
};

}  // namespace

void refuse_denied_keywords(const Json& data, const std::vector<DeniedKeyword>& denied) {
  if (!denied.empty()) DenyWalk(denied).visit(data);
}

}  // namespace parsimony
