// Finds the answer to one HTTP/1.1 request in the bytes that come (RFC 9112).
//
// Strict where two readings would be possible. Every part has a limit. Used by one thread at a time; pure: knows no sockets.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/chunked_body.h"

namespace parsimony::net {

using Header = std::pair<std::string, std::string>;

// The first header of that name, in any case; null when there is none.
const std::string* find_header(const std::vector<Header>& headers, std::string_view name);
bool equal_ignoring_case(std::string_view a, std::string_view b);
// Whether `name` can be the name of a header or a method.
bool is_token(std::string_view name);

struct AnswerHead {
  int status = 0;
  std::string reason;
  std::vector<Header> headers;  // as sent, values without the blanks around them
  bool keep_alive = true;
};

class AnswerReader {
 public:
  // `to_head`: the request was a HEAD, whose answer has no body.
  AnswerReader(bool to_head, std::size_t max_body_bytes) : to_head_(to_head), max_body_(max_body_bytes) {}

  // What came. Throws NetError BadAnswer or TooLarge.
  void take(std::string_view bytes);
  // The peer sends no more. Throws NetError BadAnswer when the answer is not whole, Unreachable when no byte of it has come.
  void end();

  bool is_whole() const { return phase_ == Phase::whole; }
  // The connection may carry another request: the answer said where it ends, and nothing came behind it.
  bool may_reuse() const { return is_whole() && head_.keep_alive && !until_end_ && input_.empty(); }

  const AnswerHead& head() const { return head_; }
  std::string take_body();

 private:
  enum class Phase { head, body, whole };

  bool find_head();
  void read_head(std::string_view text);
  void choose_body();
  void advance_body();
  void check_size(std::uint64_t bytes) const;

  const bool to_head_;
  const std::size_t max_body_;
  Phase phase_ = Phase::head;
  std::string input_;  // not used up yet; of a body that is not chunked, the body
  std::size_t interim_bytes_ = 0;
  AnswerHead head_;
  std::optional<std::uint64_t> length_;
  std::optional<ChunkedBody> chunks_;
  bool until_end_ = false;
  std::string body_;
};

}  // namespace parsimony::net
