// /schemas: classes.
#pragma once
#include "rest/route.h"

namespace parsimony::schema_routes {

ApiResponse list(const RestContext& context, const ApiRequest& request);
ApiResponse get(const RestContext& context, const ApiRequest& request);
ApiResponse create(const RestContext& context, const ApiRequest& request);
ApiResponse update(const RestContext& context, const ApiRequest& request);
ApiResponse remove(const RestContext& context, const ApiRequest& request);
ApiResponse purge(const RestContext& context, const ApiRequest& request);  // all objects of a class

}  // namespace parsimony::schema_routes
