#include "cli/start.h"

#include "common/log.h"

namespace parsimony {

Options options_of_command(const CommandLine& line) {
  Options options = load_options(line.input);
  log::configure(options.log.printed, options.log.format);
  log_warnings(options);
  return options;
}

void log_warnings(Options& options) {
  for (const std::string& warning : options.warnings) log::warn(warning);
  options.warnings.clear();
}

}  // namespace parsimony
