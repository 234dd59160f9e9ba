// Collects the bytes of one connection and tells when a whole request is among them.
//
// Used by one thread at a time. No method throws but for want of memory.
#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/chunked_body.h"
#include "http/refusal.h"
#include "http/request_head.h"

namespace parsimony::http {

class RequestReader {
 public:
  enum class Progress { incomplete, whole, refused };

  // `max_body_of` may know another limit for a request's body.
  using MaxBodyOf = std::function<std::optional<std::size_t>(const RequestHead&)>;
  RequestReader(std::size_t max_head_bytes, std::size_t max_body_bytes, MaxBodyOf max_body_of = {})
      : max_head_(max_head_bytes), max_body_(max_body_bytes), max_body_of_(std::move(max_body_of)) {}
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  void append(std::string_view bytes) { input_.append(bytes); }
  Progress advance();

  // Of a whole request, until next().
  const RequestHead& head() const { return *head_; }
  std::string_view body() const;
  const Refusal& refusal() const { return *refusal_; }

  // True once for a request whose client waits to be told that its body is welcome.
  bool take_continue();
  // Whether a part of a request is here.
  bool begun() const { return head_.has_value() || !input_.empty(); }
  std::size_t buffered_bytes() const;

  // Drops the whole request; the bytes after it are the next one's.
  void next();
  // Drops everything and gives the memory back.
  void clear();

 private:
  Progress find_head();
  Progress begin_body();
  Progress take_body();
  void cut_head(std::size_t bytes);
  Progress refuse(Refusal refusal);

  std::size_t max_head_;
  std::size_t max_body_;
  MaxBodyOf max_body_of_;
  std::string input_;      // what is not taken apart yet; after the head, that is the body and what follows
  std::size_t seen_ = 0;   // of input_, searched for the end of the head
  std::size_t line_ = 0;   // of input_, where the line being searched starts
  std::string head_text_;  // what head_ looks into
  std::optional<RequestHead> head_;
  std::optional<ChunkedBody> chunks_;
  bool continue_due_ = false;
  std::optional<Refusal> refusal_;
};

}  // namespace parsimony::http
