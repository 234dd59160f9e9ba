// /import_data and /import_relation_data: the rows of an export, for the master key (rest-api.md, section 13).
#pragma once
#include "rest/route.h"

namespace parsimony::import_routes {

ApiResponse objects(const RestContext& context, const ApiRequest& request);
ApiResponse relation(const RestContext& context, const ApiRequest& request);

}  // namespace parsimony::import_routes
