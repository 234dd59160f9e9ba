#include "cli/import.h"

#include "cli/start.h"

namespace parsimony {

int import_command(const CommandLine& line) { return run_import(options_of_command(line), line.arguments, line.server); }

}  // namespace parsimony
