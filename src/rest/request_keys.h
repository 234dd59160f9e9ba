// Who calls: the application id and the keys, from headers or body (rest-api.md, section 2).
#pragma once
#include "access/caller.h"
#include "http/message.h"
#include "rest/rest_settings.h"
#include "types/json.h"

namespace parsimony {

// Reads the keys, takes the body's own key fields out of `body`, and decides. Throws 403 for a wrong application id, a missing client
// key, or a key with rights from an address that may not use it; 107 for a context that is no object. A session token is kept in the
// caller as it came: signed_in() looks it up.
Caller authenticate(const http::Request& request, Json& body, const RestSettings& settings);

// Whether the headers name the application, so that keys are read from them alone and the body is not looked at.
bool has_app_in_headers(const http::Request& request, const RestSettings& settings);

}  // namespace parsimony
