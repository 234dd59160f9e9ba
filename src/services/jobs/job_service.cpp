#include "services/jobs/job_service.h"

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "common/clock.h"
#include "common/error.h"
#include "common/ids.h"
#include "common/log.h"
#include "services/jobs/job_progress.h"
#include "services/jobs/job_rows.h"

namespace parsimony {
namespace {

constexpr const char* kInterrupted = "The server stopped while the job was running.";

struct Outcome {
  RunEnd end;
  std::optional<std::string> message;
};

// The last message of a job, which stays where it ends without one.
class LastMessage {
 public:
  void set(const std::string& message) {
    const std::lock_guard lock(mutex_);
    message_ = message;
  }
  std::optional<std::string> get() {
    const std::lock_guard lock(mutex_);
    return message_;
  }

 private:
  std::mutex mutex_;
  std::optional<std::string> message_;  // guarded by mutex_
};

std::optional<std::string> text_of_end(const Json& answer, LastMessage& last) {
  const std::string* message = find_string(answer, "message");
  return message && !message->empty() ? std::optional(*message) : last.get();
}

Json request_of(const Caller& caller, const JobRequest& request, const std::string& object_id) {
  return {{"params", request.params},
          {"jobId", object_id},
          {"jobName", request.name},
          {"headers", caller.origin ? caller.origin->headers : Json::object()},
          {"ip", caller.origin ? caller.origin->ip : "127.0.0.1"}};
}

}  // namespace

class JobService::Impl {
 public:
  Impl(Store& store, CloudCode& code, const ServiceSettings& settings)
      : store_(store), code_(code), settings_(settings), progress_(store) {}

  ~Impl() {
    stop();
    join(take_all());
  }

  std::string start(const Caller& caller, JobRequest request) {
    if (!code_.has_job(request.name)) throw Error(error_code::kScriptFailed, "Invalid job.");
    const std::string object_id = new_object_id(settings_.object_id_size);
    join(reserve(object_id));
    try {
      write_start(request, object_id);
    } catch (...) {
      release(object_id);
      throw;
    }
    Json call = request_of(caller, request, object_id);
    begin(std::move(call), std::move(request), object_id);
    return object_id;
  }

  std::vector<std::string> names() const { return code_.job_names(); }

  void fail_interrupted() {
    std::size_t failed = 0;
    store_.write([&](Transaction& transaction) { failed = fail_running(transaction, kInterrupted); });
    if (failed > 0) log::warn("Jobs were running when the server stopped; they have failed", {{"jobs", std::to_string(failed)}});
  }

  void stop() {
    {
      std::unique_lock lock(mutex_);
      if (std::exchange(stopping_, true)) return;
      const auto grace = std::chrono::milliseconds(settings_.jobs.stop_grace_ms);
      if (ended_one_.wait_for(lock, grace, [this] { return running_.empty(); })) return;
    }
    try {
      fail_interrupted();
    } catch (const std::exception& failure) {
      log::error("Running jobs could not be marked as failed; the next start does it", {{"reason", failure.what()}});
    }
  }

 private:
  // Returns threads that have ended.
  std::vector<std::thread> reserve(const std::string& object_id) {
    const std::lock_guard lock(mutex_);
    if (stopping_) throw Error::unavailable("The server is stopping.");
    if (running_.size() >= settings_.jobs.max_running) {
      throw Error(error_code::kRequestLimitExceeded, std::to_string(settings_.jobs.max_running) +
                                                         " jobs are running, which is as many as may (option maxRunningJobs): try again "
                                                         "when one of them has ended.");
    }
    running_.try_emplace(object_id);
    return std::exchange(ended_, {});
  }

  void release(const std::string& object_id) {
    const std::lock_guard lock(mutex_);
    const auto found = running_.find(object_id);
    if (found->second.joinable()) ended_.push_back(std::move(found->second));
    running_.erase(found);
    ended_one_.notify_all();
  }

  void write_start(const JobRequest& request, const std::string& object_id) {
    store_.write([&](Transaction& transaction) {
      if (request.claim) request.claim(transaction);
      insert_run(transaction, {object_id, request.name, request.source, request.params});
      trim_history(transaction, settings_.jobs.history_limit);
    });
  }

  void begin(Json call, JobRequest request, const std::string& object_id) {
    std::unique_lock lock(mutex_);
    try {
      running_.at(object_id) = std::thread([this, call = std::move(call), request = std::move(request), object_id] {
        const Outcome outcome = run(request.name, call, object_id);
        const std::int64_t ended_ms = now_ms();
        write_end(object_id, outcome);
        release(object_id);
        if (request.on_end) request.on_end(ended_ms);
      });
    } catch (const std::system_error&) {
      constexpr const char* kNoThread = "The server has no thread for the job. Try again later.";
      lock.unlock();
      write_end(object_id, {RunEnd::Failed, kNoThread});
      release(object_id);
      throw Error::unavailable(kNoThread);
    }
  }

  Outcome run(const std::string& name, const Json& request, const std::string& object_id) {
    const auto last = std::make_shared<LastMessage>();
    try {
      CloudCall call{CloudKind::Job, name, {}, request};
      call.on_message = [this, object_id, last](const std::string& message) {
        last->set(message);
        progress_.say(object_id, message);
      };
      return {RunEnd::Succeeded, text_of_end(code_.run(call), *last)};
    } catch (const Error& error) {
      log::error("A job failed", {{"job", name}, {"jobId", object_id}, {"reason", error.message()}});
      return {RunEnd::Failed, error.message()};
    } catch (const std::exception& failure) {
      log::error("A job could not be run", {{"job", name}, {"jobId", object_id}, {"reason", failure.what()}});
      return {RunEnd::Failed, "Internal server error."};
    }
  }

  void write_end(const std::string& object_id, const Outcome& outcome) {
    try {
      store_.write([&](Transaction& transaction) { end_run(transaction, object_id, outcome.end, outcome.message); });
    } catch (const std::exception& failure) {
      log::error("How a job ended could not be written", {{"jobId", object_id}, {"reason", failure.what()}});
    }
  }

  std::vector<std::thread> take_all() {
    const std::lock_guard lock(mutex_);
    std::vector<std::thread> threads = std::exchange(ended_, {});
    for (auto& [object_id, thread] : running_) {
      if (thread.joinable()) threads.push_back(std::move(thread));
    }
    return threads;
  }

  static void join(std::vector<std::thread> threads) {
    for (std::thread& thread : threads) thread.join();
  }

  Store& store_;
  CloudCode& code_;
  const ServiceSettings& settings_;
  JobProgress progress_;

  std::mutex mutex_;
  std::condition_variable ended_one_;
  bool stopping_ = false;                       // guarded by mutex_, as the next two
  std::map<std::string, std::thread> running_;  // by the id of the run
  std::vector<std::thread> ended_;              // have nothing more to do, or nearly so
};

JobService::JobService(Store& store, CloudCode& code, const ServiceSettings& settings)
    : impl_(std::make_unique<Impl>(store, code, settings)) {}
JobService::~JobService() = default;
std::string JobService::start(const Caller& caller, JobRequest request) const { return impl_->start(caller, std::move(request)); }
std::vector<std::string> JobService::names() const { return impl_->names(); }
void JobService::fail_interrupted() const { impl_->fail_interrupted(); }
void JobService::stop() { impl_->stop(); }

}  // namespace parsimony
