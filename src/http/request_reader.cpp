#include "http/request_reader.h"

#include <algorithm>
#include <cstdint>

namespace parsimony::http {
namespace {

constexpr Refusal kHeadTooLarge{431, "The request line and headers are too large."};
constexpr Refusal kBodyTooLarge{413, "The request body is too large."};
constexpr Refusal kBareLineFeed{400, "A line does not end with CR LF."};
constexpr Refusal kBadChunk{400, "The chunked body is malformed."};
constexpr Refusal kLongTrailer{431, "The trailer of the request is too large."};
constexpr std::size_t kLargeBody = 1024 * 1024;  // from here on memory is taken at once instead of doubled

Refusal refusal_of(ChunkedBody::Fault fault) {
  switch (fault) {
    case ChunkedBody::Fault::BodyTooLarge: return kBodyTooLarge;
    case ChunkedBody::Fault::TrailerTooLarge: return kLongTrailer;
    case ChunkedBody::Fault::Malformed: break;
  }
  return kBadChunk;
}

}  // namespace

RequestReader::Progress RequestReader::advance() {
  if (refusal_) return Progress::refused;
  if (!head_) {
    if (const Progress progress = find_head(); progress != Progress::whole) return progress;
  }
  return take_body();
}

RequestReader::Progress RequestReader::find_head() {
  for (;;) {
    const std::size_t feed = input_.find('\n', seen_);
    if (feed == std::string::npos) {
      seen_ = input_.size();
      return seen_ > max_head_ ? refuse(kHeadTooLarge) : Progress::incomplete;
    }
    if (feed == line_ || input_[feed - 1] != '\r') return refuse(kBareLineFeed);
    if (feed + 1 > max_head_) return refuse(kHeadTooLarge);
    const bool empty_line = feed == line_ + 1;
    const bool before_request_line = empty_line && std::all_of(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(line_),
                                                               [](char c) { return c == '\r' || c == '\n'; });
    seen_ = line_ = feed + 1;
    if (!empty_line || before_request_line) continue;
    cut_head(line_);
    return begin_body();
  }
}

void RequestReader::cut_head(std::size_t bytes) {
  if (bytes == input_.size()) {
    head_text_.swap(input_);
    input_.clear();
  } else {
    head_text_.assign(input_, 0, bytes);
    input_.erase(0, bytes);
  }
  seen_ = line_ = 0;
}

RequestReader::Progress RequestReader::begin_body() {
  const std::size_t start = std::min(head_text_.find_first_not_of("\r\n"), head_text_.size());
  auto parsed = parse_head(std::string_view(head_text_).substr(start));
  if (const Refusal* wrong = std::get_if<Refusal>(&parsed)) return refuse(*wrong);
  head_ = std::move(std::get<RequestHead>(parsed));
  const std::uint64_t length = head_->content_length.value_or(0);
  const std::size_t max_body = (max_body_of_ ? max_body_of_(*head_) : std::nullopt).value_or(max_body_);
  if (length > max_body) return refuse(kBodyTooLarge);
  if (length >= kLargeBody) input_.reserve(length);
  if (head_->chunked) chunks_.emplace(max_body, max_head_);
  continue_due_ = head_->expects_continue;
  return Progress::whole;
}

RequestReader::Progress RequestReader::take_body() {
  if (!chunks_) return input_.size() >= head_->content_length.value_or(0) ? Progress::whole : Progress::incomplete;
  input_.erase(0, chunks_->consume(input_));
  if (const auto fault = chunks_->fault()) return refuse(refusal_of(*fault));
  return chunks_->ended() ? Progress::whole : Progress::incomplete;
}

RequestReader::Progress RequestReader::refuse(Refusal refusal) {
  refusal_ = refusal;
  return Progress::refused;
}

std::string_view RequestReader::body() const {
  return chunks_ ? std::string_view(chunks_->body()) : std::string_view(input_).substr(0, head_->content_length.value_or(0));
}

bool RequestReader::take_continue() {
  const bool due = continue_due_ && input_.empty();  // a client that sends already does not wait
  continue_due_ = false;
  return due;
}

std::size_t RequestReader::buffered_bytes() const { return head_text_.size() + input_.size() + (chunks_ ? chunks_->body().size() : 0); }

void RequestReader::next() {
  if (!chunks_) input_.erase(0, head_->content_length.value_or(0));
  head_.reset();
  chunks_.reset();
  head_text_.clear();
  continue_due_ = false;
}

void RequestReader::clear() {
  head_.reset();
  chunks_.reset();
  std::string().swap(head_text_);
  std::string().swap(input_);
  seen_ = line_ = 0;
  continue_due_ = false;
}

}  // namespace parsimony::http
