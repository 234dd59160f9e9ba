// Which code serves: a version that was deployed, else the one that the options name; and how one takes the other's place.
#pragma once
#include <atomic>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/cloud_runtime.h"
#include "app/code_store.h"
#include "app/file_survey.h"
#include "app/options.h"
#include "services/cloud/deployments.h"

namespace parsimony {

// Borrows both.
class CloudVersions final : public Deployments {
 public:
  CloudVersions(CloudRuntime& runtime, const Options& options);

  // Loads what serves. Throws OptionError with file, line and column of what is wrong with it.
  void load_at_start();
  // What serves, for the person who started the server; empty: nothing.
  std::string summary() const;

  // Whose change means another version of the options' code: the files of its project and of the adapters', without packages, and the file
  // with its environment variables. Empty without any code.
  std::vector<WatchedPath> watched() const;
  // How they were just before they were loaded at the start.
  const FileStamps& seen() const { return seen_; }
  // Loads the options' code anew, beside the code that serves, which goes on when the new one is broken; nothing while a deployed version
  // serves. Logs what came of it. Throws nothing.
  void reload();

  CodeDeployed deploy(const CodePackage& package) override;
  std::optional<int> roll_back(const CodeRollback& target) override;
  CodeStatus status() const override;

 private:
  std::unique_lock<std::mutex> take_turn();
  std::optional<CloudLoadError> load_version(const CodeVersion& version);
  std::optional<CloudLoadError> load_config(std::function<bool()> is_current = {});
  void reload_config();
  std::optional<std::filesystem::path> config_main() const;
  void keep(const CodeVersion& version);
  void go_back_to(const std::optional<int>& number);
  CodeCounts counts() const;

  CloudRuntime& runtime_;
  const Options& options_;
  const CodeStore store_;
  FileStamps seen_;
  std::atomic<bool> main_has_come_ = false;  // the main file of the options
  std::mutex turn_;                          // of whoever loads code. Requests do not wait for it: they are refused
};

}  // namespace parsimony
