// What services ask of the users' own code: functions, jobs and triggers (server-behaviour.md, sections 16 to 18).
//
// Requests and results are JSON, so that an engine in this process, a webhook and a process beside it can serve the same calls. Objects
// are in Parse's encoding with "className"; what every request may hold:
//
//   master, isReadOnly   true, or absent
//   user                 the whole user with "sessionToken", as its owner sees it; absent: nobody is signed in
//   userRoles            ["role:Name",...] of that user; for validators
//   installationId, ip, headers, context
//
// and what each kind adds, and answers:
//
//   function          params → {"result": value}, {} for undefined; "status" and "headers" when the code set them. Files of a form are
//                     parameters, too: files {name: {"filename","contentType","data" (base64)}}
//   job               params, jobId, jobName → {"message": text} or {}
//   beforeSave        update (the client's save as sent), original (updates) → {"update": the save with the code's changes, "reverted":
//                     [fields of it that the code took back]}
//   afterSave         object, original (updates) → {"object": {field: value}} of what the code changed in the answer; {"response": {...}}
//                     is an answer of its own
//   before/afterDelete object → {}
//   beforeFind        query {"where","limit","skip","order","keys","excludeKeys","include","readPreference",...}, count, isGet
//                     → {"query": changed} or {}; may hold "objects" in place of asking the database
//   afterFind         objects, query, isGet → {"objects": [...]} or {}
//   beforeLogin, afterLogin, afterLogout, beforePasswordResetRequest   object → {}
//   file triggers (class "@File")     file {"name","url","data" (base64, before saves),"metadata","tags","contentType",
//                                     "directory"}, fileSize
//                                     → {"file": {...}} or {}; afterFind also {"forceDownload","responseHeaders"}, and data only
//                                     where they are not the stored ones
//   config triggers (class "@Config") object {"params"}, original → {"object": {"params"}} or {}
//
// Each answer may hold "context", as the code left it.
#pragma once
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "types/json.h"

namespace parsimony {

enum class CloudKind { Function, Job, Trigger };

struct CloudCall {
  CloudKind kind;
  std::string name;        // of the function, of the job; "beforeSave"
  std::string class_name;  // of a trigger: "Order", "_User", "@File", "@Config"; empty where it has none
  Json request = Json::object();
  std::vector<std::string> chain{};  // as CallOrigin::chain, this call not among them
  std::chrono::steady_clock::time_point chain_deadline = std::chrono::steady_clock::time_point::max();  // as CallOrigin::chain_deadline
  std::function<void(const std::string&)> on_message = {};  // what a job says of its progress; called on any thread
};

// Thread-safe.
class CloudCode {
 public:
  virtual ~CloudCode() = default;

  // Whether there is any code at all; without it no call has to gather what code would want to know. Cheap, as the next four.
  virtual bool is_empty() const = 0;
  virtual bool has_trigger(std::string_view name, std::string_view class_name) const = 0;
  virtual bool has_trigger_anywhere(std::string_view name) const = 0;  // on any class
  virtual bool has_function(std::string_view name) const = 0;
  virtual bool has_job(std::string_view name) const = 0;
  virtual std::vector<std::string> function_names() const = 0;
  virtual std::vector<std::string> job_names() const = 0;

  // Waits for the code, so must not be called with a reader connection, a transaction or a mutex held. Throws what the code throws as
  // an Error (141 unless it chose another code), 142 for a validator's refusal, 141 for a limit that was exceeded.
  virtual Json run(const CloudCall& call) = 0;

  // Lets the code begin again as it was when it had been loaded: what it keeps in variables is forgotten, for later calls. For tests.
  virtual void begin_anew() {}
};

// Without any code. Lives as long as the process.
CloudCode& no_cloud_code();

}  // namespace parsimony
