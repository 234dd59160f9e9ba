// Jobs without an engine: code whose jobs are functions of the test.
#pragma once
#include <catch2/catch.hpp>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include "services/builtin_classes.h"
#include "services/files/folder_store.h"
#include "services/objects/row_reader.h"
#include "services/services.h"
#include "types/date.h"
#include "unit/storage/test_store.h"

namespace parsimony {

inline const Caller kMasterOfJobs{true};

// Thread-safe. Jobs are defined before they run.
class FakeCode final : public CloudCode {
 public:
  using Job = std::function<Json(const CloudCall&)>;

  void define(const std::string& name, Job job) { jobs_[name] = std::move(job); }
  // A job that waits until it is let go.
  void define_waiting(const std::string& name) {
    define(name, [this, name](const CloudCall&) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return open_.contains(name) || open_.contains("*"); });
      return Json::object();
    });
  }
  void let_go(const std::string& name) {
    const std::lock_guard lock(mutex_);
    open_.insert(name);
    changed_.notify_all();
  }
  void shut(const std::string& name) {
    const std::lock_guard lock(mutex_);
    open_.erase(name);
  }

  bool is_empty() const override { return jobs_.empty(); }
  bool has_trigger(std::string_view, std::string_view) const override { return false; }
  bool has_trigger_anywhere(std::string_view) const override { return false; }
  bool has_function(std::string_view) const override { return false; }
  bool has_job(std::string_view name) const override { return jobs_.contains(std::string(name)); }
  std::vector<std::string> function_names() const override { return {}; }
  std::vector<std::string> job_names() const override {
    std::vector<std::string> names;
    for (const auto& [name, job] : jobs_) names.push_back(name);
    return names;
  }
  Json run(const CloudCall& call) override {
    if (call.kind != CloudKind::Job) throw std::logic_error("only jobs are run here");
    return jobs_.at(call.name)(call);
  }

 private:
  std::map<std::string, Job> jobs_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::string> open_;  // guarded by mutex_
};

// Services with code of the test's own.
class JobServices {
 public:
  explicit JobServices(JobSettings jobs = quick_stop()) : settings_{settings_with(jobs)} {
    ensure_builtin_classes(*store_);
    open();
  }
  ~JobServices() { close(); }

  static JobSettings quick_stop() {
    JobSettings jobs;
    jobs.stop_grace_ms = 0;
    return jobs;
  }

  FakeCode code;

  const Services* operator->() const { return &*services_; }
  Store& store() { return *store_; }
  JobService& jobs() { return services_->jobs; }

  // As the end of a server: waiting jobs are let go when the rows say that they were stopped.
  void close() {
    if (!services_) return;
    services_->jobs.stop();
    code.let_go("*");
    services_.reset();
    code.shut("*");
  }
  void open() { services_.emplace(*store_, files_, code, settings_); }

  std::string start(const std::string& name, const Json& params = Json::object()) {
    return services_->jobs.start(kMasterOfJobs, {name, params, "api", {}, {}});
  }
  Json row(const char* class_name, const std::string& object_id) {
    Json found;
    store_->read([&](Reads& reads) {
      const auto row = read_row(reads, *reads.schema().find(class_name), equals("objectId", object_id));
      if (row) found = *row;
    });
    return found;
  }
  Json run_row(const std::string& object_id) { return row("_JobStatus", object_id); }
  std::int64_t runs(const Filter& where = {}) { return count(*store_, "_JobStatus", where); }

  // "succeeded: text", once the condition holds; a test that waits for ever is ended by its runner.
  std::string await(const std::string& object_id, const std::function<bool(const Json&)>& holds) {
    Json run = run_row(object_id);
    for (; !holds(run); run = run_row(object_id)) std::this_thread::yield();
    return text_of_member(run, "status") + ": " + text_of_member(run, "message");
  }
  std::string await_end(const std::string& object_id) {
    return await(object_id, [](const Json& run) { return text_of_member(run, "status") != "running"; });
  }

 private:
  static ServiceSettings settings_with(const JobSettings& jobs) {
    ServiceSettings settings;
    settings.refusals = Refusals::Detailed;
    settings.jobs = jobs;
    return settings;
  }

  TemporaryStore store_;
  FolderStore files_{store_.path().parent_path() / "files"};
  const ServiceSettings settings_;
  std::optional<Services> services_;
};

inline std::string refusal_of(const std::function<void()>& run) {
  try {
    run();
    return "none";
  } catch (const Error& error) {
    return (error.code() ? std::to_string(*error.code()) : std::to_string(error.http_status())) + " " + error.message();
  }
}

}  // namespace parsimony
