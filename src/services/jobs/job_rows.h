// The runs of jobs, as rows of _JobStatus (server-behaviour.md, section 18): jobName, source, params, status `running`, `succeeded` or
// `failed`, message, finishedAt. Only the master key reads them: their ACL is {}.
#pragma once
#include <optional>
#include <string>

#include "storage/store.h"

namespace parsimony {

inline constexpr const char* kJobStatusClass = "_JobStatus";

struct NewRun {
  std::string object_id;
  std::string job_name;
  std::string source;  // "api", "schedule"
  const Json& params;
};
void insert_run(Transaction& transaction, const NewRun& run);

// These two do nothing to a run that has ended, or whose row was deleted.
void set_run_message(Transaction& transaction, const std::string& object_id, const std::string& message);
enum class RunEnd { Succeeded, Failed };
// Without a message the last one stays.
void end_run(Transaction& transaction, const std::string& object_id, RunEnd end, const std::optional<std::string>& message);

// All that run; returns how many they were.
std::size_t fail_running(Transaction& transaction, const std::string& message);
// Removes the oldest runs that have ended beyond that many, not all at once where they are very many.
void trim_history(Transaction& transaction, std::int64_t limit);

}  // namespace parsimony
