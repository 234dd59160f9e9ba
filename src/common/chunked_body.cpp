#include "common/chunked_body.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace parsimony {
namespace {

constexpr std::size_t kMaxSizeLine = 1024;  // a size and its extensions, which nobody uses

}  // namespace

std::size_t ChunkedBody::consume(std::string_view input) {
  std::size_t used = 0;
  while (!fault_ && !ended()) {
    const State before = state_;
    const std::size_t n = step(input.substr(used));
    used += n;
    if (n == 0 && state_ == before) break;
  }
  return used;
}

std::size_t ChunkedBody::step(std::string_view input) {
  switch (state_) {
    case State::size_line: return size_line(input);
    case State::data: return data(input);
    case State::data_end: return data_end(input);
    case State::trailer: return trailer_line(input);
    case State::ended: break;
  }
  return 0;
}

std::size_t ChunkedBody::refuse(Fault fault) {
  fault_ = fault;
  return 0;
}

// The first line without its end; nothing when it is not whole yet or refused.
std::optional<std::string_view> ChunkedBody::line_of(std::string_view input, std::size_t max_bytes, Fault too_long) {
  const std::size_t feed = input.find('\n');
  if (std::min(feed, input.size()) > max_bytes) {
    refuse(too_long);
    return std::nullopt;
  }
  if (feed == std::string_view::npos) return std::nullopt;
  const std::string_view line = input.substr(0, feed);
  if (feed == 0 || line.find('\r') != feed - 1 || line.find('\0') != std::string_view::npos) {
    refuse(Fault::Malformed);
    return std::nullopt;
  }
  return line.substr(0, feed - 1);
}

std::size_t ChunkedBody::size_line(std::string_view input) {
  const auto line = line_of(input, kMaxSizeLine, Fault::Malformed);
  if (!line) return 0;
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(line->data(), line->data() + line->size(), size, 16);
  if (error == std::errc::result_out_of_range) return refuse(Fault::BodyTooLarge);
  if (error != std::errc{} || (end != line->data() + line->size() && *end != ';')) return refuse(Fault::Malformed);
  if (size > max_body_ - body_.size()) return refuse(Fault::BodyTooLarge);
  left_of_chunk_ = size;
  state_ = size == 0 ? State::trailer : State::data;
  return line->size() + 2;
}

std::size_t ChunkedBody::data(std::string_view input) {
  const std::size_t n = std::min(input.size(), left_of_chunk_);
  body_.append(input.substr(0, n));
  left_of_chunk_ -= n;
  if (left_of_chunk_ == 0) state_ = State::data_end;
  return n;
}

std::size_t ChunkedBody::data_end(std::string_view input) {
  if (input.size() < 2) return 0;
  if (input.substr(0, 2) != "\r\n") return refuse(Fault::Malformed);
  state_ = State::size_line;
  return 2;
}

// Trailers are read and dropped: none has a meaning here.
std::size_t ChunkedBody::trailer_line(std::string_view input) {
  const auto line = line_of(input, max_trailer_ - trailer_bytes_, Fault::TrailerTooLarge);
  if (!line) return 0;
  trailer_bytes_ = std::min(max_trailer_, trailer_bytes_ + line->size() + 2);
  if (line->empty()) state_ = State::ended;
  return line->size() + 2;
}

}  // namespace parsimony
