// A short table for a terminal.
#pragma once
#include <string>
#include <vector>

namespace parsimony {

// The first row is the heading. The first column is aligned left, the others right.
std::string text_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace parsimony
