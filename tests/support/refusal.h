// What an action is refused with.
#pragma once
#include <string>
#include <utility>

#include "common/error.h"

namespace parsimony {

// The Parse code and the text; 0 and "accepted" when nothing is thrown.
template <typename Action>
std::pair<int, std::string> refusal_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return {error.code().value_or(0), error.message()};
  }
  return {0, "accepted"};
}

}  // namespace parsimony
