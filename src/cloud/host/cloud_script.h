#pragma once
#include <string_view>

namespace parsimony {

// The JavaScript side of protocol.h, with the official SDK as `Parse`: one script that every engine runs first.
std::string_view cloud_script();

}  // namespace parsimony
