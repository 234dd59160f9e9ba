// Takes the chunks of an HTTP body apart (RFC 9112, section 7.1) as its bytes come in. Strict, and bounded.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace parsimony {

class ChunkedBody {
 public:
  enum class Fault { Malformed, BodyTooLarge, TrailerTooLarge };

  // A body of more than `max_body_bytes` is a fault, and so is a trailer of more than `max_trailer_bytes`.
  ChunkedBody(std::size_t max_body_bytes, std::size_t max_trailer_bytes) : max_body_(max_body_bytes), max_trailer_(max_trailer_bytes) {}

  // Returns how many bytes of `input` are used up; the rest must come again, with more behind it.
  // After a fault or the end nothing is used up.
  std::size_t consume(std::string_view input);

  bool ended() const { return state_ == State::ended; }
  std::optional<Fault> fault() const { return fault_; }
  const std::string& body() const& { return body_; }
  std::string body() && { return std::move(body_); }

 private:
  enum class State { size_line, data, data_end, trailer, ended };

  std::size_t step(std::string_view input);
  std::size_t size_line(std::string_view input);
  std::size_t data(std::string_view input);
  std::size_t data_end(std::string_view input);
  std::size_t trailer_line(std::string_view input);
  std::optional<std::string_view> line_of(std::string_view input, std::size_t max_bytes, Fault too_long);
  std::size_t refuse(Fault fault);

  std::size_t max_body_;
  std::size_t max_trailer_;
  State state_ = State::size_line;
  std::size_t left_of_chunk_ = 0;
  std::size_t trailer_bytes_ = 0;
  std::string body_;
  std::optional<Fault> fault_;
};

}  // namespace parsimony
