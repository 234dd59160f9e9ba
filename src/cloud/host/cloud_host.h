// Runs the users' Cloud Code on JavaScript engines inside this process: each with one thread, one event loop, a state and limits of its
// own. One engine is the standard; more are copies of the first that serve side by side.
#pragma once
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "cloud/host/adapter_modules.h"
#include "cloud/host/engine_loop.h"
#include "cloud/host/limits.h"
#include "cloud/host/outside.h"
#include "cloud/host/registrations.h"
#include "services/cloud/adapters.h"
#include "services/cloud/cloud_code.h"

namespace parsimony {

struct CloudHostOptions {
  std::string_view script;       // the JavaScript side of protocol.h; lives as long as the host
  Json config = Json::object();  // what "load" tells the code of the server
  CloudLimits limits;
  std::vector<AdapterModule> adapters{};  // loaded before each version of the code
  // Looks at what a new version of the code defines, right before that version serves; with an error it does not. May be empty.
  std::function<std::optional<CloudLoadError>(const std::vector<Registration>&)> accept{};
  std::vector<std::filesystem::path> closed{};  // what the code may not read, although it may lie in its folder (ProjectFiles)
};

// One version of the code as it lies on disk.
struct CloudSource {
  CloudSource(std::filesystem::path main_in, Json env_in = Json::object()) : main(std::move(main_in)), env(std::move(env_in)) {}

  std::filesystem::path main;
  Json env;                                       // environment variables: names and texts
  std::optional<std::filesystem::path> folder{};  // whose files the code may read; when not given, as project_files.h says
  std::function<bool()> is_current{};             // asked when it has loaded: false, it is out of date and does not serve. May be empty
};

// Thread-safe. Without code it is empty.
class CloudHost final : public CloudCode, public Adapters {
 public:
  CloudHost(CloudHostOptions options, CloudOutside outside);
  ~CloudHost() override;  // fails what is unfinished

  // Loads the adapters and the code of that source (no main file: the adapters alone), beside the code that serves now, and puts it in that
  // one's place when it has loaded well; calls that have begun end where they began. Waits. What is wrong with the code: its error, and
  // everything is as before.
  std::optional<CloudLoadError> load(const CloudSource& source);
  // Puts no code in the place of the one that serves.
  void unload();
  // What the code defined.
  std::vector<Registration> registrations() const;
  // Ends everything within moments, a load included; later calls are refused. What was given as outside is not used any more when it
  // returns. Idempotent.
  void stop();

  bool is_empty() const override;
  bool has_trigger(std::string_view name, std::string_view class_name) const override;
  bool has_trigger_anywhere(std::string_view name) const override;
  bool has_function(std::string_view name) const override;
  bool has_job(std::string_view name) const override;
  std::vector<std::string> function_names() const override;
  std::vector<std::string> job_names() const override;
  Json run(const CloudCall& call) override;
  void begin_anew() override;
  bool has(std::string_view adapter, std::string_view method) const override;
  Json call(const AdapterCall& call) override;

 private:
  // One version of the code. Immutable but for what its engines do.
  struct Version {
    std::vector<std::unique_ptr<EngineLoop>> engines;  // the first has the registrations
    const Registrations& registrations() const { return engines.front()->registrations(); }
    EngineLoop& least_busy() const;
    bool is_idle() const;
  };

  std::shared_ptr<const EngineSetup> setup_of(const CloudSource& source) const;
  std::optional<CloudLoadError> load_engines(const CloudSource& source, Version& version);
  std::optional<CloudLoadError> accepted(const std::vector<Registration>& definitions) const;
  bool replace(std::shared_ptr<Version> version);
  std::shared_ptr<Version> current() const;
  std::shared_ptr<Work> new_work(std::string label, const std::vector<std::string>& chain);
  std::shared_ptr<Work> work_of(const CloudCall& call);
  std::shared_ptr<Work> work_of(const AdapterCall& call);
  void retire_old_versions();

  const CloudHostOptions options_;
  Watchdog watchdog_;  // goes last: a worker of outside_ may be the last to hold a version
  OutsideCalls outside_;
  std::atomic<std::uint64_t> calls_ = 0;

  std::mutex loading_;        // one load at a time
  mutable std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::shared_ptr<Version> version_;             // null: no code
  EngineLoop* loads_ = nullptr;                  // the code that is being loaded
  std::list<std::shared_ptr<Version>> retired_;  // that still have calls to end
  bool stopping_ = false;
  std::thread retirement_;  // ends them
};

}  // namespace parsimony
