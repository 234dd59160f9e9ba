// On whose behalf something is done.
#pragma once
#include <string>
#include <vector>

namespace parsimony {

struct Caller {
  bool is_master = false;

  // The names by which rules may grant rights to this caller: "*".
  std::vector<std::string> principals() const { return {"*"}; }
};

}  // namespace parsimony
