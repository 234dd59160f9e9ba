#include "cli/serve.h"

#include <iostream>
#include <optional>

#include "app/data_folder.h"
#include "app/keys.h"
#include "cli/parent_watch.h"
#include "cli/ready_file.h"
#include "cli/signal_watch.h"
#include "cli/start.h"

namespace parsimony {

int run_serve(const CommandLine& line) {
  Options options = options_of_command(line);
  SignalWatch signals;
  std::optional<ParentWatch> parent;
  if (options.ephemeral) parent.emplace();
  const ReadyFile ready(options.ready_file);
  DataFolder folder = DataFolder::open(options);
  const std::string key_file = lacks_keys(options) ? folder.key_file().string() : std::string();
  fill_missing_keys(options, folder.key_file());
  log_warnings(options);

  App app(options);
  const StartSummary summary = app.start();
  signals.serving();
  folder.announce(summary.url, options.app_id);
  if (!options.silent) std::cout << summary_text(options, summary, key_file) << std::flush;
  ready.write(ready_text(options, summary));
  signals.wait();
  app.stop();
  return 0;
}

}  // namespace parsimony
