// Lets web pages of other origins call the server, as Parse Server does: every answer carries the same four headers, and any
// OPTIONS request is answered with 200 and "OK" before anything else looks at it.
#pragma once
#include <string>
#include <vector>

#include "http/middleware/middleware.h"

namespace parsimony::http {

struct CorsOptions {
  // Parse Server's allowOrigin. The request's origin is echoed when it is listed, else the first entry is sent; empty is "*".
  std::vector<std::string> allow_origins;
  // Parse Server's allowHeaders: names beside those that the Parse SDKs send.
  std::vector<std::string> allow_headers;
};

Middleware cors(CorsOptions options);

}  // namespace parsimony::http
