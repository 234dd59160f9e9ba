#include "rest/route_allow_list.h"

#include <algorithm>

namespace parsimony {

RouteAllowList::RouteAllowList(const std::optional<std::vector<std::string>>& patterns) {
  if (!patterns) return;
  patterns_.emplace();
  for (const std::string& pattern : *patterns) patterns_->emplace_back("\\A(?:" + pattern + ")\\z", "");
}

bool RouteAllowList::allows(const Caller& caller, std::string_view path) const {
  if (!patterns_ || caller.is_master) return true;
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  return std::any_of(patterns_->begin(), patterns_->end(), [&](const Regex& pattern) { return pattern.matches(path); });
}

}  // namespace parsimony
