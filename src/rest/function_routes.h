// /functions: the users' code (rest-api.md, section 11).
#pragma once
#include "rest/route.h"

namespace parsimony::function_routes {

ApiResponse call(const RestContext& context, const ApiRequest& request);

}  // namespace parsimony::function_routes
