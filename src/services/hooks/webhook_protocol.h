// What is said to a webhook and how its answer is read (server-behaviour.md, section 16; docs/webhooks.md). Pure.
#pragma once
#include <string_view>

#include "services/cloud/cloud_code.h"
#include "types/json.h"

namespace parsimony {

// The body of the request. Headers that may hold keys, tokens or cookies are left out; dates among the parameters of a function are
// plain ISO text, those in objects keep their type.
Json webhook_body(const CloudCall& call);

// What CloudCode::run answers for the body of a webhook's answer, {"success": value} or {"error": value}.
// Throws Error 141 with what stands in "error", or for what is no such answer; 105 for a beforeSave that answers no object.
Json webhook_result(const CloudCall& call, std::string_view body);

}  // namespace parsimony
