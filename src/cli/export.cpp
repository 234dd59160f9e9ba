#include "cli/export.h"

#include "cli/start.h"

namespace parsimony {

int export_command(const CommandLine& line) { return run_export(options_of_command(line), line.arguments.front(), line.server); }

}  // namespace parsimony
