#include "services/hooks/hook_table.h"

namespace parsimony {

Json encode_hook(const Hook& hook) {
  if (hook.is_function()) return {{"functionName", hook.function_name}, {"url", hook.url}};
  return {{"className", hook.class_name}, {"triggerName", hook.trigger_name}, {"url", hook.url}};
}

HookTable::HookTable(std::vector<Hook> hooks) : hooks_(std::move(hooks)) {
  for (const Hook& hook : hooks_) {
    const std::string_view name = hook.is_function() ? hook.function_name : hook.class_name;
    by_name_[{hook.trigger_name, name}] = &hook;
  }
}

bool HookTable::has_trigger_anywhere(std::string_view trigger_name) const {
  const auto first = by_name_.lower_bound({trigger_name, {}});
  return first != by_name_.end() && first->first.first == trigger_name;
}

const Hook* HookTable::find(std::string_view trigger_name, std::string_view name) const {
  const auto found = by_name_.find({trigger_name, name});
  return found == by_name_.end() ? nullptr : found->second;
}

}  // namespace parsimony
