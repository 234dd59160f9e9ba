// /users, /login and what belongs to them; saving users is /classes (rest-api.md, section 10).
#pragma once
#include "rest/route.h"

namespace parsimony::user_routes {

ApiResponse me(const RestContext& context, const ApiRequest& request);
ApiResponse log_in(const RestContext& context, const ApiRequest& request);
ApiResponse verify_password(const RestContext& context, const ApiRequest& request);
ApiResponse log_in_as(const RestContext& context, const ApiRequest& request);
ApiResponse log_out(const RestContext& context, const ApiRequest& request);
ApiResponse challenge(const RestContext& context, const ApiRequest& request);

}  // namespace parsimony::user_routes
