// A request and its answer, free of any library's types.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parsimony::http {

using NameValue = std::pair<std::string, std::string>;

struct Request {
  std::string method;            // upper case, as sent
  std::string path;              // percent-decoded, starts with '/'
  std::vector<NameValue> query;  // decoded, in the order sent
  std::vector<NameValue> headers;
  std::string_view body;       // decoded from chunks; lives as long as the request
  std::string remote_address;  // of the peer, without the port; IPv4-mapped IPv6 as IPv4
  std::string id;              // made by the server for the log

  // The first header of that name, in any case. The view lives as long as the request.
  std::optional<std::string_view> header(std::string_view name) const;
};

// A body that is sent piece by piece, so that it need not be in memory as a whole.
struct BodyStream {
  std::uint64_t size = 0;
  // `offset + length` is at most size. Called on any thread, never on two at once; not at all for HEAD. What it throws ends the
  // connection, so that the client can tell that bytes are missing.
  std::function<std::string(std::uint64_t offset, std::uint64_t length)> read;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json; charset=utf-8";
  std::vector<NameValue> headers;
  std::string body;
  std::optional<BodyStream> stream = {};  // in place of `body`

  void set_header(std::string_view name, std::string value);  // replaces one of the same name, in any case
};

// "true" for names equal but for ASCII case, as HTTP compares header names.
bool equal_ignoring_case(std::string_view a, std::string_view b);

// Of ASCII letters; other bytes stay.
std::string upper_case(std::string_view text);
std::string lower_case(std::string_view text);

}  // namespace parsimony::http
