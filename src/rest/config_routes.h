// /config: the application's shared values.
#pragma once
#include "rest/route.h"

namespace parsimony::config_routes {

ApiResponse get(const RestContext& context, const ApiRequest& request);
ApiResponse update(const RestContext& context, const ApiRequest& request);

}  // namespace parsimony::config_routes
