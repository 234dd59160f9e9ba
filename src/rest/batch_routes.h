// /batch: several calls in one.
#pragma once
#include "rest/route.h"

namespace parsimony::batch_routes {

ApiResponse run(const RestContext& context, const ApiRequest& request);

}  // namespace parsimony::batch_routes
