// /hooks: webhooks, for the master key. A PUT with {"__op":"Delete"} takes one away; Parse has no DELETE here.
#pragma once
#include "rest/route.h"

namespace parsimony::hook_routes {

ApiResponse functions(const RestContext& context, const ApiRequest& request);
ApiResponse function(const RestContext& context, const ApiRequest& request);
ApiResponse triggers(const RestContext& context, const ApiRequest& request);
ApiResponse trigger(const RestContext& context, const ApiRequest& request);
ApiResponse create(const RestContext& context, const ApiRequest& request);
ApiResponse change_function(const RestContext& context, const ApiRequest& request);
ApiResponse change_trigger(const RestContext& context, const ApiRequest& request);

}  // namespace parsimony::hook_routes
