// What the code defines: functions, jobs, triggers.
#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "types/json.h"

namespace parsimony {

struct Registration {
  std::string kind;  // "function", "job", "trigger", "adapter"
  std::string name;
  std::string class_name;
  Json rate_limit;  // null, or what the code asks for
  bool require_user = false;
  std::string stack{};                 // of the definition, where there is a rate limit
  std::vector<std::string> methods{};  // of an adapter
};

class Registrations {
 public:
  // A "register" message of protocol.h; of several with one name the last counts.
  void add(const std::string& message);

  bool is_empty() const { return rows_.empty(); }
  bool has_function(std::string_view name) const { return find("function", name, "") != nullptr; }
  bool has_job(std::string_view name) const { return find("job", name, "") != nullptr; }
  bool has_trigger(std::string_view name, std::string_view class_name) const { return find("trigger", name, class_name) != nullptr; }
  bool has_method(std::string_view adapter, std::string_view method) const;
  bool has_trigger_anywhere(std::string_view name) const { return trigger_names_.count(name) > 0; }
  std::vector<std::string> names(std::string_view kind) const;  // sorted
  std::vector<Registration> all() const;

 private:
  const Registration* find(std::string_view kind, std::string_view name, std::string_view class_name) const;

  std::map<std::string, Registration, std::less<>> rows_;  // by key_of
  std::set<std::string, std::less<>> trigger_names_;
};

}  // namespace parsimony
