// What is wrong, or may be, with the set-up of a server: looked at without changing it.
#pragma once
#include <string>
#include <vector>

#include "app/options_input.h"

namespace parsimony {

enum class Health {
  ok,
  warn,  // the server runs, but not as its owner should want
  fail   // the server does not start, or is not to be trusted
};

struct Finding {
  std::string check;  // one word: options, keys, port...
  Health health = Health::ok;
  std::string text;         // never holds a key
  std::string advice = {};  // what to do; empty when nothing is to be done
};

// Looks at the options of these arguments, variables and config file, and at what they name: keys, addresses, port, data. Options that
// cannot be read are a finding, and what depends on them is then left out. Takes as long as reading the whole database once.
std::vector<Finding> examine(const OptionInput& input);

}  // namespace parsimony
