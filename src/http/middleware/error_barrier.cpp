#include "http/middleware/error_barrier.h"

#include <exception>

#include "common/log.h"

namespace parsimony::http {
namespace {

Response internal_error(const Request& request, std::string cause) {
  log::error("A request failed unexpectedly", {{"requestId", request.id}, {"cause", std::move(cause)}});
  Response response;
  response.status = 500;
  response.body = R"({"code":1,"message":"Internal server error."})";
  return response;
}

}  // namespace

Middleware error_barrier() {
  return [](const Request& request, const Handler& next) {
    try {
      return next(request);
    } catch (const std::exception& accident) {
      return internal_error(request, accident.what());
    } catch (...) {
      return internal_error(request, "something that is no std::exception");
    }
  };
}

}  // namespace parsimony::http
