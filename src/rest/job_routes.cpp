#include "rest/job_routes.h"

#include "common/clock.h"
#include "common/error.h"
#include "rest/request_body.h"

namespace parsimony::job_routes {
namespace {

constexpr const char* kStatusId = "X-Parse-Job-Status-Id";
constexpr const char* kSchedules = "_JobSchedule";
constexpr int kAll = 1'000'000;

std::string job_name(const ApiRequest& request) {
  if (!request.captures.empty()) return request.captures[0];
  const std::string* name = find_string(request.body, "jobName");
  return name ? *name : std::string();
}

Json all_schedules(const RestContext& context, const ApiRequest& request) {
  return parse_json(context.services.finds.find(request.caller, kSchedules, {{"limit", kAll}})).at("results");
}

Json schedule_in(const RestContext& context, const ApiRequest& request) {
  refuse_denied_keywords(request.body, context.settings);
  const Json* schedule = find_member(request.body, "job_schedule");
  if (!schedule || !schedule->is_object())
    throw Error(error_code::kInvalidJson, "job_schedule must be an object with the fields of the schedule.");
  const Json* name = find_member(*schedule, "jobName");
  const bool is_known =
      !name || *name == Json("") || name->is_null() || (name->is_string() && context.services.code.has_job(name->get<std::string>()));
  if (!is_known) throw Error(error_code::kInternalServerError, "Cannot Schedule a job that is not deployed");
  return *schedule;
}

}  // namespace

ApiResponse start(const RestContext& context, const ApiRequest& request) {
  refuse_denied_keywords(request.body, context.settings);
  JobRequest job;
  job.name = job_name(request);
  job.params = request.code_parameters();
  const std::string id = context.services.jobs.start(request.caller, std::move(job));
  return {200, "{}", {{kStatusId, id}}};
}

ApiResponse schedules(const RestContext& context, const ApiRequest& request) { return json_response(all_schedules(context, request)); }

ApiResponse names(const RestContext& context, const ApiRequest& request) {
  Json in_use = Json::array();
  for (const Json& schedule : all_schedules(context, request)) {
    const Json* name = find_member(schedule, "jobName");
    in_use.push_back(name ? *name : Json());
  }
  return json_response({{"in_use", std::move(in_use)}, {"jobs", context.services.jobs.names()}});
}

PreparedWrite prepare_create(const RestContext& context, const ApiRequest& request) {
  Json schedule = schedule_in(context, request);
  if (!find_member(schedule, "startAfter")) schedule["startAfter"] = now_iso();
  return context.services.saves.prepare_create(request.caller, kSchedules, schedule);
}

// Parse Server begins anew here, too, where startAfter is missing; a change of the description would make a schedule run again.
PreparedWrite prepare_update(const RestContext& context, const ApiRequest& request) {
  return context.services.saves.prepare_update(request.caller, kSchedules, request.captures[1], schedule_in(context, request));
}

ApiResponse answer_update(const RestContext&, const ApiRequest&, const SaveResult& result) {
  return json_response({{"response", result.answer}});
}

}  // namespace parsimony::job_routes
