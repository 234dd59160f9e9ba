// Where accidents end: an exception from further in is logged with the request's id and answered as Parse answers what it did
// not expect, code 1 without the exception's text. The server lives on.
#pragma once
#include "http/middleware/middleware.h"

namespace parsimony::http {

Middleware error_barrier();

}  // namespace parsimony::http
