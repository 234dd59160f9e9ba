// /classes: objects.
#pragma once
#include "rest/route.h"

namespace parsimony::class_routes {

ApiResponse find(const RestContext& context, const ApiRequest& request);
ApiResponse get(const RestContext& context, const ApiRequest& request);
PreparedWrite prepare_create(const RestContext& context, const ApiRequest& request);
PreparedWrite prepare_update(const RestContext& context, const ApiRequest& request);
PreparedWrite prepare_remove(const RestContext& context, const ApiRequest& request);
ApiResponse answer_create(const RestContext& context, const ApiRequest& request, const SaveResult& result);
ApiResponse answer_save(const RestContext& context, const ApiRequest& request, const SaveResult& result);

}  // namespace parsimony::class_routes
