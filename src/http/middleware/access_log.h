// One debug line a request: method, path, status, milliseconds, id. Never the query, which may hold keys and data.
// It is worth putting into the list only when debug lines are wanted.
#pragma once
#include "http/middleware/middleware.h"

namespace parsimony::http {

Middleware access_log();

}  // namespace parsimony::http
