// /aggregate: pipelines and distinct values.
#pragma once
#include "rest/route.h"

namespace parsimony::aggregate_routes {

ApiResponse run(const RestContext& context, const ApiRequest& request);

}  // namespace parsimony::aggregate_routes
