// GET /scriptlog: what the server has logged, for the master key (server-behaviour.md, section 23; docs/logs.md).
#pragma once
#include "rest/route.h"

namespace parsimony::log_routes {

ApiResponse read(const RestContext& context, const ApiRequest& request);

}  // namespace parsimony::log_routes
