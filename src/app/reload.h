// Brings class definitions and fixtures into a running server when their files have changed (the option watch).
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "app/file_survey.h"
#include "app/options.h"
#include "storage/store.h"

namespace parsimony {

// Makes the classes what the definitions of these options say. Returns lines for the user.
// Throws std::runtime_error with file, line and reason, and Error; then nothing is changed.
std::vector<std::string> apply_definition_options(Store& store, const Options& options);

// The store must outlive it.
class Reload {
 public:
  // Remembers what the definition files hold now: make it before they are applied.
  Reload(Store& store, const Options& options);

  // The files and folders that it reads.
  std::vector<WatchedPath> paths() const;

  // Applies definitions whose files differ from those of the last call or the start, and imports fixtures that differ from those that
  // were imported last. Logs a line for what it did, and one for a file that it could not use: its definitions, or all fixtures, then
  // stay as they are. Whether it did anything. One thread at a time. Throws nothing.
  bool run();
  // Applies all definitions and imports fixtures as run() does: for data that were put back to an earlier state. Any thread. Throws
  // nothing.
  void renew() const;

 private:
  using Digests = std::map<std::filesystem::path, std::string>;

  bool reload_definitions();
  bool reload_fixtures() const;
  Digests digests_of_definitions() const;

  Store& store_;
  const Options options_;
  Digests seen_;  // of the thread that calls run()
};

}  // namespace parsimony
