// The REST API as one HTTP handler.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/error.h"
#include "http/message.h"
#include "rest/api_request.h"
#include "rest/public_folder.h"
#include "rest/rest_settings.h"
#include "services/request_ids.h"
#include "services/services.h"
#include "services/testing/test_controls.h"

namespace parsimony {

// A call from within.
struct InternalCall {
  std::string method;
  std::string path;  // below the mount path; a slash in front may be missing
  Json body = Json::object();
  bool use_master_key = false;
  std::string session_token{};
  std::string installation_id{};
  Json context = Json::object();
  std::vector<std::string> chain{};  // CallOrigin::chain, and chain_deadline
  std::chrono::steady_clock::time_point chain_deadline = std::chrono::steady_clock::time_point::max();
};

// Thread-safe; borrows the services and the test controls, whose routes are there when the controls are.
class RestApi {
 public:
  RestApi(const Services& services, RestSettings settings, TestControls* test_controls = nullptr);

  // Answers every Error; passes other exceptions on. Paths outside of the mount path are those of the public folder.
  http::Response handle(const http::Request& request) const;
  // A call of the users' own code, which needs no keys: it says itself in whose name it acts. Answers every Error.
  ApiResponse answer(const InternalCall& call) const;
  // Replaces the limits of requests that the code asks for.
  void set_code_limits(std::vector<RateLimit> limits) { rate_limiter_.set_code_limits(std::move(limits)); }
  // How large the body of an upload may be by its X-Parse-File-Max-Upload-Size, which counts with the master key only; nothing: as others.
  std::optional<std::size_t> body_limit(const http::Request& head) const;

 private:
  http::Response answer_outside(const http::Request& request) const;
  void log_refusal(const http::Request& request, const Error& error) const;
  void require_first_time(const http::Request& request, const ApiRequest& call) const;
  ApiResponse answer_or_throw(const InternalCall& call) const;
  http::Response dispatch(const http::Request& request, std::string path) const;

  const Services& services_;
  const RestSettings settings_;
  TestControls* const test_controls_;
  mutable RateLimiter rate_limiter_;
  const RequestIds request_ids_;
  const std::optional<PublicFolder> public_folder_;
};

}  // namespace parsimony
