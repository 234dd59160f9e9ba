// What Cloud Code reaches outside of its engine, given by whoever builds the host. All are called on workers, many at a time; they may
// block, and open a WaitingScope when they do.
#pragma once
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/http_client.h"
#include "types/json.h"

namespace parsimony {

// A call of the code to our own REST API.
struct RestCall {
  std::string method;
  std::string path;  // below the mount path, for example "/classes/Order"
  Json body;
  bool use_master_key = false;
  std::string session_token;
  std::string installation_id;
  Json context;                    // null: none
  std::vector<std::string> chain;  // the calls within which it is made (CallOrigin::chain), and when they have to be over
  std::chrono::steady_clock::time_point chain_deadline = std::chrono::steady_clock::time_point::max();
};

struct RestAnswer {
  int status = 200;
  std::string body;  // JSON; empty: none
  std::vector<std::pair<std::string, std::string>> headers;
};

struct CloudOutside {
  // What it throws is answered as the REST API answers it.
  std::function<RestAnswer(const RestCall&)> rest;
  // Throws net::NetError.
  std::function<net::HttpAnswer(const net::HttpCall&, const net::CancelFlag&)> fetch;
  // Sends a mail that the code describes (Parse.Cloud.sendEmail). Empty: mail is not set up.
  std::function<void(const Json& mail)> email;
};

}  // namespace parsimony
