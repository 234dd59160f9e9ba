// Where a call came from, for the users' own code and for its log. Decides nothing.
#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "types/json.h"

namespace parsimony {

// Made once a call and shared by all that it leads to; used by one thread at a time.
struct CallOrigin {
  std::string ip;
  Json headers = Json::object();  // names in lower case
  Json context = Json::object();  // what triggers of one operation tell each other (X-Parse-Cloud-Context)
  // The functions and triggers within which this call is made, outermost first: "beforeSave Order". Empty for a client's own call.
  std::vector<std::string> chain;
  // When they have to be over, and with them what is called within them: calls that branch at each level would go on for days.
  std::chrono::steady_clock::time_point chain_deadline = std::chrono::steady_clock::time_point::max();
};

}  // namespace parsimony
