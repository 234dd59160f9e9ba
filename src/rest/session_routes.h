// /sessions/me and /upgradeToRevocableSession; the rest of /sessions is /classes.
#pragma once
#include "rest/route.h"

namespace parsimony::session_routes {

ApiResponse current(const RestContext& context, const ApiRequest& request);
ApiResponse upgrade(const RestContext& context, const ApiRequest& request);

}  // namespace parsimony::session_routes
