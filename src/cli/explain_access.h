// The command `explain-access`: why a user may or may not do something with an object.
#pragma once
#include <string>

#include "cli/command_line.h"
#include "services/objects/access_explanation.h"

namespace parsimony {

// The explanation as lines for people.
std::string text_of(const AccessQuestion& question, const AccessExplanation& explanation);

int explain_access_command(const CommandLine& line);

}  // namespace parsimony
