// The webhooks of one moment.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "types/json.h"

namespace parsimony {

// A URL that is called in place of a function, or as a trigger of a class.
struct Hook {
  std::string function_name;  // empty: a trigger
  std::string class_name;
  std::string trigger_name;
  std::string url;

  bool is_function() const { return !function_name.empty(); }
};

// As clients see it: {"functionName","url"} or {"className","triggerName","url"}.
Json encode_hook(const Hook& hook);

// Immutable, so that any number of threads may read it.
class HookTable {
 public:
  HookTable() = default;
  explicit HookTable(std::vector<Hook> hooks);  // of equal ones the last counts
  HookTable(const HookTable&) = delete;
  HookTable& operator=(const HookTable&) = delete;

  // Null when there is none. The hooks live as long as the table.
  const Hook* find_function(std::string_view name) const { return find({}, name); }
  const Hook* find_trigger(std::string_view trigger_name, std::string_view class_name) const { return find(trigger_name, class_name); }
  bool has_trigger_anywhere(std::string_view trigger_name) const;

  const std::vector<Hook>& all() const { return hooks_; }

 private:
  const Hook* find(std::string_view trigger_name, std::string_view name) const;

  std::vector<Hook> hooks_;
  std::map<std::pair<std::string_view, std::string_view>, const Hook*> by_name_;  // trigger and class, or "" and function
};

}  // namespace parsimony
