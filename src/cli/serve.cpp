#include "cli/serve.h"

#include <filesystem>
#include <iostream>

#include "app/data_folder.h"
#include "app/keys.h"
#include "cli/signal_watch.h"
#include "cli/start.h"
#include "common/file_write.h"

namespace parsimony {
namespace {

// Tells others that the server serves: there with the URL in it while it does, and not before or after.
class ReadyFile {
 public:
  explicit ReadyFile(std::optional<std::filesystem::path> file) : file_(std::move(file)) { remove(); }
  ~ReadyFile() { remove(); }
  ReadyFile(const ReadyFile&) = delete;
  ReadyFile& operator=(const ReadyFile&) = delete;

  void write(const std::string& url) const {
    if (file_) replace_file(*file_, url + "\n");
  }

 private:
  void remove() const {
    std::error_code ignored;
    if (file_) std::filesystem::remove(*file_, ignored);
  }

  std::optional<std::filesystem::path> file_;
};

}  // namespace

int run_serve(const CommandLine& line) {
  Options options = options_of_command(line);
  SignalWatch signals;
  const ReadyFile ready(options.ready_file);
  DataFolder folder = DataFolder::open(options);
  const std::string key_file = lacks_keys(options) ? folder.key_file().string() : std::string();
  fill_missing_keys(options, folder.key_file());
  log_warnings(options);

  App app(options);
  const StartSummary summary = app.start();
  signals.serving();
  folder.announce(summary.url);
  if (!options.silent) std::cout << summary_text(options, summary, key_file) << std::flush;
  ready.write(summary.url);
  signals.wait();
  app.stop();
  return 0;
}

}  // namespace parsimony
