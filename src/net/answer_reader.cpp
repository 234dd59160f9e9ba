#include "net/answer_reader.h"

#include <algorithm>
#include <charconv>

#include "net/net_error.h"

namespace parsimony::net {
namespace {

constexpr std::size_t kMaxHeadBytes = 64 * 1024;  // with all interim answers before it
constexpr std::size_t kMaxHeaders = 256;

[[noreturn]] void malformed(const char* what) { throw NetError(Fault::BadAnswer, std::string("the answer is no HTTP: ") + what); }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::uint64_t number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) malformed("its length is no number");
  return number;
}

// "HTTP/1.1 200 OK"
void read_status_line(std::string_view line, AnswerHead& head) {
  const bool is_http = line.starts_with("HTTP/1.1 ") || line.starts_with("HTTP/1.0 ");
  const std::string_view rest = is_http ? line.substr(9) : std::string_view();
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool has_status = rest.size() >= 3 && std::all_of(rest.begin(), rest.begin() + 3, is_digit) && (rest.size() == 3 || rest[3] == ' ');
  if (!has_status) malformed("it does not begin with a status");
  head.status = (rest[0] - '0') * 100 + (rest[1] - '0') * 10 + (rest[2] - '0');
  head.reason = rest.size() > 4 ? rest.substr(4) : std::string_view();
  head.keep_alive = line[7] == '1';
}

void read_header_line(std::string_view line, AnswerHead& head) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) malformed("a header has no name");
  if (line.find_first_of(std::string_view("\r\0", 2)) != std::string_view::npos) malformed("a header holds control characters");
  if (head.headers.size() == kMaxHeaders) throw NetError(Fault::TooLarge, "the answer has too many headers");
  head.headers.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

const std::string* find_header(const std::vector<Header>& headers, std::string_view name) {
  for (const auto& [header, value] : headers) {
    if (equal_ignoring_case(header, name)) return &value;
  }
  return nullptr;
}

bool is_token(std::string_view name) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || kMarks.find(c) != std::string_view::npos;
  });
}

void AnswerReader::take(std::string_view bytes) {
  input_ += bytes;
  while (phase_ == Phase::head && find_head()) continue;
  if (phase_ == Phase::body) advance_body();
}

// True when a head was read, which may have been an interim one.
bool AnswerReader::find_head() {
  const std::size_t blank = input_.find("\r\n\r\n");
  const std::size_t head_bytes = blank == std::string::npos ? input_.size() : blank + 4;
  if (head_bytes + interim_bytes_ > kMaxHeadBytes) throw NetError(Fault::TooLarge, "the head of the answer is too large");
  if (blank == std::string::npos) {
    constexpr std::string_view kStart = "HTTP/";
    const std::string_view start = std::string_view(input_).substr(0, kStart.size());
    if (!kStart.starts_with(start)) malformed("it does not begin with a status");
    return false;
  }
  read_head(std::string_view(input_).substr(0, blank + 2));
  input_.erase(0, head_bytes);
  if (head_.status == 101) malformed("it changes the protocol");
  if (head_.status < 200) {
    interim_bytes_ += head_bytes;
  } else {
    choose_body();
  }
  return true;
}

void AnswerReader::read_head(std::string_view text) {
  head_ = {};
  bool is_first = true;
  while (!text.empty()) {
    const std::size_t end = text.find("\r\n");
    is_first ? read_status_line(text.substr(0, end), head_) : read_header_line(text.substr(0, end), head_);
    text.remove_prefix(end + 2);
    is_first = false;
  }
}

void AnswerReader::choose_body() {
  phase_ = Phase::body;
  bool is_chunked = false;
  for (const auto& [name, value] : head_.headers) {
    if (equal_ignoring_case(name, "Connection") && equal_ignoring_case(value, "close")) head_.keep_alive = false;
    if (equal_ignoring_case(name, "Transfer-Encoding")) {
      if (is_chunked || !equal_ignoring_case(value, "chunked")) malformed("its transfer encoding is unknown");
      is_chunked = true;
    }
    if (equal_ignoring_case(name, "Content-Length")) {
      const std::uint64_t length = number_of(value);
      if (length_ && *length_ != length) malformed("it has two lengths");
      length_ = length;
    }
  }
  if (to_head_ || head_.status == 204 || head_.status == 304) {
    phase_ = Phase::whole;
  } else if (is_chunked) {
    if (length_) head_.keep_alive = false;
    chunks_.emplace(max_body_, kMaxHeadBytes);
  } else if (length_) {
    check_size(*length_);
  } else {
    until_end_ = true;
  }
}

void AnswerReader::check_size(std::uint64_t bytes) const {
  if (bytes > max_body_) throw NetError(Fault::TooLarge, "the answer has more than " + std::to_string(max_body_) + " bytes");
}

void AnswerReader::advance_body() {
  if (chunks_) {
    input_.erase(0, chunks_->consume(input_));
    if (chunks_->fault() == ChunkedBody::Fault::BodyTooLarge) check_size(std::uint64_t{max_body_} + 1);
    if (chunks_->fault()) malformed("its chunks are malformed");
    if (!chunks_->ended()) return;
    body_ = std::move(*chunks_).body();
    phase_ = Phase::whole;
  } else if (until_end_) {
    check_size(input_.size());
  } else if (input_.size() >= *length_) {
    body_ = input_.substr(0, *length_);
    input_.erase(0, *length_);
    phase_ = Phase::whole;
  }
}

void AnswerReader::end() {
  if (is_whole()) return;
  if (phase_ == Phase::head && input_.empty()) throw NetError(Fault::Unreachable, "the connection ended without an answer");
  if (!until_end_) throw NetError(Fault::BadAnswer, "the answer is cut off");
  body_ = std::move(input_);
  input_.clear();
  phase_ = Phase::whole;
}

std::string AnswerReader::take_body() { return std::move(body_); }

}  // namespace parsimony::net
