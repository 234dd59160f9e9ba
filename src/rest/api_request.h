// A call of the REST API, after keys and body have been understood, and its answer.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "access/caller.h"
#include "types/json.h"

namespace parsimony {

namespace http {
struct Request;
}

struct ApiRequest {
  std::string method;           // after a method override
  std::string path;             // below the mount path, begins with '/'
  Json query = Json::object();  // of the URL; values that are JSON are parsed
  Json body = Json::object();   // an object or an array
  Caller caller;
  std::vector<std::string> captures;    // what the route's ":names" matched, in order
  const http::Request* http = nullptr;  // as it came, for handlers that read the body themselves; null for an item of a batch

  // The parameters of a read: body and query string together; the query string wins.
  Json parameters() const;
  // The same for the users' code, to which values of the query string are text.
  Json code_parameters() const;
};

struct ApiResponse {
  int status = 200;
  std::string body;  // JSON
  std::vector<std::pair<std::string, std::string>> headers;
};

inline ApiResponse json_response(const Json& body) { return {200, to_json_text(body), {}}; }

}  // namespace parsimony
