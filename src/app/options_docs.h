// The option table as text for people: the help of a command, and docs/options.md.
#pragma once
#include <string>

namespace parsimony {

// The active options by group, for a terminal of 100 columns.
std::string options_help();
// The whole table as Markdown; docs/options.md is exactly this.
std::string options_markdown();

}  // namespace parsimony
