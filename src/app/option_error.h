#pragma once
#include <stdexcept>

namespace parsimony {

// What was asked for on the command line, in the environment or in the config file cannot be done. The text is one line for the
// person who starts the program; it names the option and never holds the value of a key.
class OptionError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace parsimony
