// Runs the jobs of the users' code, each on a thread of its own, and keeps their history (server-behaviour.md, section 18).
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "access/caller.h"
#include "services/cloud/cloud_code.h"
#include "services/settings.h"
#include "storage/store.h"

namespace parsimony {

struct JobRequest {
  std::string name;
  Json params = Json::object();
  std::string source = "api";  // what the history says of why it ran
  // Runs in the transaction that writes the run down; what it throws undoes that, and the job does not start.
  std::function<void(Transaction&)> claim = {};
  // Called on the job's thread when its row says how it ended, with the time of that. Must be quick and may outlive whoever asked.
  std::function<void(std::int64_t ended_ms)> on_end = {};
};

// Thread-safe; borrows all.
class JobService {
 public:
  JobService(Store& store, CloudCode& code, const ServiceSettings& settings);
  // As stop(); then waits until the code has let go of every job, so the code must have been told to by then.
  ~JobService();
  JobService(const JobService&) = delete;
  JobService& operator=(const JobService&) = delete;

  // Returns the id of the row of _JobStatus when it is on disk; the job goes on by itself. Throws 141 for an unknown job, 155 when as many
  // run as may, 503 when the server stops, and what the claim throws.
  std::string start(const Caller& caller, JobRequest request) const;
  std::vector<std::string> names() const;

  // Says of the runs that a crash left behind that they have failed. Call it before anything starts.
  void fail_interrupted() const;
  // Refuses new jobs, leaves those that run a moment (JobSettings::stop_grace_ms), and writes down that the others have failed.
  void stop();

 private:
  class Impl;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace parsimony
