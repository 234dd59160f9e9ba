#include "common/error.h"

#include <utility>

namespace parsimony {

int http_status_of(int code) {
  switch (code) {
    case error_code::kInternalServerError: return 500;
    case error_code::kObjectNotFound: return 404;
    default: return 400;
  }
}

Error::Error(int code, std::string message, std::string cause)
    : Error(std::optional<int>(code), http_status_of(code), std::move(message), std::move(cause)) {}

Error::Error(std::optional<int> code, int http_status, std::string message, std::string cause)
    : code_(code), http_status_(http_status), message_(std::move(message)), cause_(std::move(cause)) {}

Error Error::unauthorized() { return {std::nullopt, 403, "unauthorized", {}}; }
Error Error::permission_denied(std::string text) { return {std::nullopt, 403, std::move(text), {}}; }
Error Error::bad_body(std::string message) { return {std::nullopt, 400, std::move(message), {}}; }
Error Error::unavailable(std::string message) { return {std::nullopt, 503, std::move(message), {}}; }
Error Error::too_many_requests(std::string message) { return {error_code::kConnectionFailed, 429, std::move(message), {}}; }
Error Error::payload_too_large(std::string message) { return {std::nullopt, 413, std::move(message), {}}; }
Error Error::conflict(std::string message) { return {std::nullopt, 409, std::move(message), {}}; }

Error Error::with_json(int code, std::string json) {
  Error error(code, std::move(json));
  error.is_json_ = true;
  return error;
}

}  // namespace parsimony
