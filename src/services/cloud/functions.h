// Calling the functions of the users' code (rest-api.md, section 11).
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/cloud/triggers.h"

namespace parsimony {

struct FunctionAnswer {
  Json body = Json::object();  // {"result": value}, {} for undefined
  std::optional<int> status;   // that the code asked for
  std::vector<std::pair<std::string, std::string>> headers;
};

// Thread-safe; borrows all.
class Functions {
 public:
  Functions(const CloudCode& code, const Triggers& triggers) : code_(code), triggers_(triggers) {}

  // `files` are parameters, too, as cloud_code.h describes them. Throws 141 for an unknown name, and what the code throws. Waits for the
  // code.
  FunctionAnswer call(const Caller& caller, const std::string& name, Json params, Json files = Json()) const;

 private:
  const CloudCode& code_;
  const Triggers& triggers_;
};

}  // namespace parsimony
