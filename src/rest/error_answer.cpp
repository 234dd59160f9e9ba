#include "rest/error_answer.h"

#include "common/log.h"

namespace parsimony {

Json error_body(const Error& error) {
  Json body = Json::object();
  if (error.code()) body["code"] = *error.code();
  body["error"] = error.is_json() ? parse_json(error.message()) : Json(error.message());
  return body;
}

Json error_body(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const Error& known) {
    return error_body(known);
  } catch (const std::exception& accident) {
    log::error("A request of a batch failed", {{"reason", accident.what()}});
    return {{"code", error_code::kInternalServerError}, {"error", "Internal server error."}};
  }
}

}  // namespace parsimony
