// What stands around the handler: each piece may look at the request, answer by itself, or change the answer.
#pragma once
#include <functional>
#include <vector>

#include "http/message.h"
#include "http/server.h"

namespace parsimony::http {

// Called on a worker, any number at the same time. Calls `next` once or not at all.
using Middleware = std::function<Response(const Request&, const Handler& next)>;

// The first of the list is the outermost: it sees the request first and the answer last.
Handler compose(std::vector<Middleware> list, Handler handler);

}  // namespace parsimony::http
