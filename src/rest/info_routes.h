// /serverInfo: what this server can do, which dashboards read to choose their menus. /security: how far its settings leave doors open.
#pragma once
#include "rest/route.h"

namespace parsimony::info_routes {

ApiResponse server_info(const RestContext& context, const ApiRequest& request);
ApiResponse security(const RestContext& context, const ApiRequest& request);

}  // namespace parsimony::info_routes
