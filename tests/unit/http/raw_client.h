// A client that sends exactly the bytes it is told to.
#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace parsimony::http::test {

struct Answer {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  std::string header(const std::string& name) const { return headers.contains(name) ? headers.at(name) : std::string(); }
};

class RawClient {
 public:
  explicit RawClient(int port, int receive_buffer_bytes = 0);
  ~RawClient();
  RawClient(RawClient&& from) noexcept;
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  // False when the server has closed.
  bool send(std::string_view bytes);
  void end_sending();
  // The next answer; status 0 when the connection ended or nothing came for 20 seconds. `head_only` for answers to HEAD.
  Answer read_answer(bool head_only = false);
  // Whether the server ends the connection without another byte, within the time.
  bool ends(std::chrono::milliseconds within = std::chrono::seconds(20));
  bool has_bytes(std::chrono::milliseconds within);

 private:
  bool receive(std::chrono::milliseconds within);

  int socket_;
  std::string buffer_;
  bool ended_ = false;
};

std::string get(std::string_view target, std::string_view more_headers = {});
std::string post(std::string_view target, std::string_view body, std::string_view more_headers = {});

}  // namespace parsimony::http::test
