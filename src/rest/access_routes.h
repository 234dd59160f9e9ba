// /explainAccess: why a user may or may not do something with an object (docs/permissions.md).
#pragma once
#include "rest/route.h"

namespace parsimony::access_routes {

ApiResponse explain(const RestContext& context, const ApiRequest& request);

}  // namespace parsimony::access_routes
