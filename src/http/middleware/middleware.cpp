#include "http/middleware/middleware.h"

#include <utility>

namespace parsimony::http {

Handler compose(std::vector<Middleware> list, Handler handler) {
  for (auto piece = list.rbegin(); piece != list.rend(); ++piece) {
    handler = [outer = std::move(*piece), inner = std::move(handler)](const Request& request) { return outer(request, inner); };
  }
  return handler;
}

}  // namespace parsimony::http
