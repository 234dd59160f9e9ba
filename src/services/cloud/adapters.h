// Modules of the users' own that do something in the product's stead: send a mail, tell who somebody is, judge a password. The options
// name them (server-behaviour.md, sections 9 to 11). One that sends pushes is loaded, too; nothing calls it, since there are no pushes.
#pragma once
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "types/json.h"

namespace parsimony {

inline constexpr const char* kEmailAdapter = "emailAdapter";
inline constexpr const char* kPushAdapter = "push.adapter";
inline constexpr const char* kPasswordAdapter = "passwordPolicy.validatorCallback";

// The adapter of a way to sign in: "auth.myLogin".
std::string auth_adapter(std::string_view provider);

struct AdapterCall {
  std::string adapter;
  std::string method;
  // {"arguments": [...]} of a plain method. Adapters of "auth." get what every request of cloud_code.h holds, and
  //   validate   authData, isLoggedIn, isConfigured, update, original → {"save","doNotSave","response"}, each where the module answers it
  //   policy     authData (as stored) → {"policy"}
  //   challenge  challengeData, authData, original → {"response"}
  //   afterFind  authData → {"authData"}
  Json request = Json::object();
  std::vector<std::string> chain{};  // this one and the next as in CloudCall
  std::chrono::steady_clock::time_point chain_deadline = std::chrono::steady_clock::time_point::max();
};

// Thread-safe.
class Adapters {
 public:
  virtual ~Adapters() = default;

  // Whether the adapter is there and has the method. Cheap.
  virtual bool has(std::string_view adapter, std::string_view method) const = 0;
  // What the method answers; {"result": value} of a plain one. Waits for it, so must not be called with a reader, a transaction or a mutex
  // held. Throws what the method throws as an Error, 141 for a limit that was exceeded.
  virtual Json call(const AdapterCall& call) = 0;
};

// Has none. Lives as long as the process.
Adapters& no_adapters();

}  // namespace parsimony
