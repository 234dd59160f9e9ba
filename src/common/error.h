// The one error type of a request.
//
// Thrown where a request ends because of what the caller asked; written to the wire in one place only (rest/error_answer).
// Codes are Parse's. Anything else that is thrown is an accident and is answered as code 1 without its text.
#pragma once
#include <exception>
#include <optional>
#include <string>

namespace parsimony {

// Parse's error codes, by the names of the Parse SDKs.
namespace error_code {
inline constexpr int kOtherCause = -1;
inline constexpr int kInternalServerError = 1;
inline constexpr int kConnectionFailed = 100;
inline constexpr int kObjectNotFound = 101;
inline constexpr int kInvalidQuery = 102;
inline constexpr int kInvalidClassName = 103;
inline constexpr int kMissingObjectId = 104;
inline constexpr int kInvalidKeyName = 105;
inline constexpr int kInvalidPointer = 106;
inline constexpr int kInvalidJson = 107;
inline constexpr int kCommandUnavailable = 108;
inline constexpr int kIncorrectType = 111;
inline constexpr int kObjectTooLarge = 116;
inline constexpr int kOperationForbidden = 119;
inline constexpr int kInvalidNestedKey = 121;
inline constexpr int kInvalidFileName = 122;
inline constexpr int kInvalidAcl = 123;
inline constexpr int kTimeout = 124;
inline constexpr int kFileSaveError = 130;
inline constexpr int kMissingTargetClass = 135;
inline constexpr int kFieldNotChangeable = 136;
inline constexpr int kDuplicateValue = 137;
inline constexpr int kExceededQuota = 140;
inline constexpr int kScriptFailed = 141;
inline constexpr int kValidationError = 142;
inline constexpr int kWebhookError = 143;
inline constexpr int kFileDeleteError = 153;
inline constexpr int kRequestLimitExceeded = 155;
inline constexpr int kDuplicateRequest = 159;
inline constexpr int kInvalidEmailAddress = 125;
inline constexpr int kInvalidValue = 162;
inline constexpr int kUsernameMissing = 200;
inline constexpr int kPasswordMissing = 201;
inline constexpr int kUsernameTaken = 202;
inline constexpr int kEmailTaken = 203;
inline constexpr int kSessionMissing = 206;
inline constexpr int kAccountAlreadyLinked = 208;
inline constexpr int kInvalidSessionToken = 209;
inline constexpr int kUnsupportedService = 252;
inline constexpr int kInvalidSchemaOperation = 255;
}  // namespace error_code

class Error : public std::exception {
 public:
  // `message` is for the client; `cause` goes to the log only.
  Error(int code, std::string message, std::string cause = {});

  // The refusals that Parse answers without a code: 403 {"error": message}.
  static Error unauthorized();                       // bad application id or client key
  static Error permission_denied(std::string text);  // a route that needs the master key
  // A body that is not JSON: 400 {"error": message}.
  static Error bad_body(std::string message);
  // 503 {"error": message}: the server has no room for the request now; the client may try again.
  static Error unavailable(std::string message);
  // 429 with code 100: the client has asked too often.
  static Error too_many_requests(std::string message);
  static Error payload_too_large(std::string message);
  // 409 {"error": message}: the server is not set up for this.
  static Error conflict(std::string message);
  // One of the users' own code, which may say any JSON: `json` is what stands under "error", and the message.
  static Error with_json(int code, std::string json);

  std::optional<int> code() const { return code_; }
  int http_status() const { return http_status_; }
  const std::string& message() const { return message_; }
  bool is_json() const { return is_json_; }  // the message is the text of a JSON value, not text itself
  const std::string& cause() const { return cause_; }
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  Error(std::optional<int> code, int http_status, std::string message, std::string cause);

  std::optional<int> code_;
  int http_status_;
  std::string message_;
  std::string cause_;
  bool is_json_ = false;
};

// The HTTP status that goes with a Parse code: 1 is 500, 101 is 404, everything else 400.
int http_status_of(int code);

}  // namespace parsimony
