// /jobs runs jobs of the users' code, /cloud_code/jobs keeps their schedules.
#pragma once
#include "rest/route.h"

namespace parsimony::job_routes {

// The job of the path, or of "jobName" in the body; what came along are its parameters. Answers at once, with the id of the run in a
// header.
ApiResponse start(const RestContext& context, const ApiRequest& request);

ApiResponse schedules(const RestContext& context, const ApiRequest& request);
ApiResponse names(const RestContext& context, const ApiRequest& request);
PreparedWrite prepare_create(const RestContext& context, const ApiRequest& request);
PreparedWrite prepare_update(const RestContext& context, const ApiRequest& request);
ApiResponse answer_update(const RestContext& context, const ApiRequest& request, const SaveResult& result);

}  // namespace parsimony::job_routes
