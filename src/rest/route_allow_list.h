// Which routes clients may use at all (option routeAllowList).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/caller.h"
#include "query/regex.h"

namespace parsimony {

// Patterns for whole paths below the mount path, without a slash at either end: "classes/Chat.*", "login". As in Parse Server they
// match exactly in case, and neither health nor files are asked about.
class RouteAllowList {
 public:
  RouteAllowList() = default;  // every route
  // Nothing set: every route; an empty list: none. Throws Error for what is no regular expression.
  explicit RouteAllowList(const std::optional<std::vector<std::string>>& patterns);

  // Keys with rights may use every route.
  bool allows(const Caller& caller, std::string_view path) const;

 private:
  std::optional<std::vector<Regex>> patterns_;
};

}  // namespace parsimony
