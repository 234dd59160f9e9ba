// What a call passes between its keys and its route: the session, and the limits of requests for a time.
#pragma once
#include <string>
#include <string_view>

#include "http/message.h"
#include "rest/route.h"

namespace parsimony {

// A call as it came in.
struct Arrival {
  std::string_view method;  // after a method override
  std::string_view path;    // below the mount path
  const http::Request& request;
  bool signs_in = true;  // false: a session token that came along is not looked up
};

// The caller with the user of its session, after the call was counted: by that user where a limit says so, by address when the session
// is not good. Throws 429 with code 100 when a limit is exceeded, 209 for a bad session.
Caller admit(const RestContext& context, Caller caller, const Arrival& arrival);

// Gives the caller what the users' code may want to know of its call.
void describe_origin(Caller& caller, const http::Request& request, const RestSettings& settings);

// Counts an item of a batch, whose caller has been admitted already. Throws 100 when a limit is exceeded.
void count_item(const RestContext& context, const Caller& caller, const Arrival& item);

}  // namespace parsimony
