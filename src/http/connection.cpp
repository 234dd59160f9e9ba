#include "http/connection.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <exception>
#include <utility>

#include "common/log.h"

namespace parsimony::http {
namespace {

constexpr int kOwned = 1;
constexpr int kChanged = 2;
constexpr int kHungUp = 4;

constexpr std::size_t kReadBytes = 64 * 1024;
constexpr int kAnswersInTurn = 64;                // to pipelined requests, before others have their turn
constexpr std::uint64_t kPieceBytes = 64 * 1024;  // of a stream
constexpr int kPiecesInTurn = 32;
// A client that was refused may still be sending: a close before it has read the answer would throw the answer away.
constexpr std::size_t kMaxDrainBytes = 64 * 1024 * 1024;
constexpr std::chrono::milliseconds kDrainTimeOfStop{500};

constexpr Refusal kBusy{503, "The server is busy."};
constexpr Refusal kStopping{503, "The server is stopping."};
constexpr Refusal kTooSlow{408, "The request took too long to arrive."};

// Without query and body.
Request request_of(const RequestHead& head, const std::string& remote_address) {
  Request request;
  request.method = head.method;
  request.path = head.path;
  for (const auto& [name, value] : head.headers) request.headers.emplace_back(name, value);
  request.remote_address = remote_address;
  return request;
}

}  // namespace

Connection::Connection(int socket, std::string remote_address, Gate& gate)
    : gate_(gate),
      socket_(socket),
      remote_address_(std::move(remote_address)),
      reader_(gate.limits.head_bytes, gate.limits.body_bytes, [this](const RequestHead& head) { return max_body_of(head); }) {
  enter(Phase::idle, gate_.limits.idle_time);
}

std::optional<std::size_t> Connection::max_body_of(const RequestHead& head) const {
  const auto& other = gate_.limits.body_override;
  const auto is_meant = [&](const auto& header) { return equal_ignoring_case(header.first, other->header); };
  if (!other || std::none_of(head.headers.begin(), head.headers.end(), is_meant)) return std::nullopt;
  const auto limit = other->of(request_of(head, remote_address_));
  return limit ? std::optional(std::min(*limit, gate_.limits.buffered_bytes)) : std::nullopt;
}

Connection::~Connection() { close_socket(); }

bool Connection::claim_for_event(bool hung_up) {
  return (owned_.fetch_or(kOwned | kChanged | (hung_up ? kHungUp : 0), std::memory_order_acq_rel) & kOwned) == 0;
}

bool Connection::claim() {
  int free = 0;
  return owned_.compare_exchange_strong(free, kOwned, std::memory_order_acq_rel);
}

bool Connection::release() {
  int unchanged = kOwned;
  return owned_.compare_exchange_strong(unchanged, 0, std::memory_order_acq_rel);
}

void Connection::enter(Phase phase, Clock::duration time) {
  phase_ = phase;
  deadline_.store((Clock::now() + time).time_since_epoch().count(), std::memory_order_relaxed);
}

Connection::After Connection::turn(Answers answers) {
  if ((owned_.fetch_and(kOwned, std::memory_order_acq_rel) & kHungUp) != 0) hung_up_ = true;
  emptied_ = false;
  for (int answered = 0;;) {
    switch (send_out()) {
      case Io::must_wait: return wait_for_room();
      case Io::more: return let_others_go_first(answers);
      case Io::failed: return After::close;
      case Io::done: break;
    }
    if (last_answer_) return drain();
    switch (reader_.advance()) {
      case RequestReader::Progress::whole:
        if (answered++ == kAnswersInTurn) return After::again;
        handle_request(answers);
        continue;
      case RequestReader::Progress::refused: refuse(reader_.refusal()); continue;
      case RequestReader::Progress::incomplete: break;
    }
    if (reader_.take_continue()) {
      out_ = "HTTP/1.1 100 Continue\r\n\r\n";
      continue;
    }
    if (emptied_) return wait_for_request();
    if (receive() == Io::failed) return After::close;
  }
}

void Connection::handle_request(Answers answers) {
  if (answers == Answers::busy) return refuse(kBusy);
  if (gate_.stopping.load(std::memory_order_relaxed)) return refuse(kStopping);
  last_answer_ = !gate_.responder.answer(reader_.head(), reader_.body(), remote_address_, out_, stream_);
  taken_ = 0;
  reader_.next();
  account();
  phase_ = Phase::idle;
}

void Connection::refuse(Refusal refusal) {
  reader_.clear();
  account();
  out_ = refusal_bytes(refusal);
  sent_ = 0;
  stream_.reset();
  last_answer_ = true;
}

Connection::Io Connection::send_out() {
  try {
    for (int pieces = 0; pieces < kPiecesInTurn; ++pieces) {
      if (sent_ == 0 && out_.size() < kPieceBytes) take_piece();
      const Io sent = send_piece();
      if (sent != Io::done || !stream_) return sent;
    }
    return Io::more;
  } catch (const std::exception& failure) {
    log::error("An answer ends early", {{"reason", failure.what()}});
    return Io::failed;
  }
}

// The next piece of the stream, if there is one; the first goes with the head.
void Connection::take_piece() {
  if (!stream_) return;
  const std::uint64_t size = std::min(kPieceBytes, stream_->size - taken_);
  if (size > 0) out_ += stream_->read(taken_, size);
  taken_ += size;
  phase_ = Phase::idle;  // each piece has its own time to be sent
  if (taken_ == stream_->size) stream_.reset();
}

Connection::Io Connection::send_piece() {
  while (sent_ < out_.size()) {
    const ssize_t n = ::send(socket_, out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n >= 0) {
      sent_ += static_cast<std::size_t>(n);
    } else if (errno != EINTR) {
      return errno == EAGAIN || errno == EWOULDBLOCK ? Io::must_wait : Io::failed;
    }
  }
  out_.clear();
  sent_ = 0;
  return Io::done;
}

// Bytes, or 0 at the end of what the client sends, or -1: errno EAGAIN when there are none now.
ssize_t Connection::read_some(char* to, std::size_t size) {
  ssize_t n = 0;
  do {
    n = ::recv(socket_, to, size, MSG_DONTWAIT);
  } while (n < 0 && errno == EINTR);
  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) errno = EAGAIN;
  // Fewer bytes than asked for mean that the socket is empty; only the end may still be behind them.
  emptied_ = n < 0 || (static_cast<std::size_t>(n) < size && !hung_up_);
  return n;
}

Connection::Io Connection::receive() {
  std::array<char, kReadBytes> bytes;  // NOLINT: not set to zero, for speed
  const ssize_t n = read_some(bytes.data(), bytes.size());
  if (n > 0) {
    take_bytes({bytes.data(), static_cast<std::size_t>(n)});
    return Io::done;
  }
  return n < 0 && errno == EAGAIN ? Io::must_wait : Io::failed;
}

void Connection::take_bytes(std::string_view bytes) {
  reader_.append(bytes);
  account();
  if (gate_.buffered_bytes.load(std::memory_order_relaxed) > gate_.limits.buffered_bytes) refuse(kBusy);
}

void Connection::account() {
  const std::size_t now = reader_.buffered_bytes();
  gate_.buffered_bytes.fetch_add(now - accounted_bytes_, std::memory_order_relaxed);  // wraps around for less
  accounted_bytes_ = now;
}

Connection::After Connection::wait_for_request() {
  if (reader_.begun()) {
    if (phase_ != Phase::receiving) enter(Phase::receiving, gate_.limits.request_time);
    return After::keep;
  }
  if (gate_.stopping.load(std::memory_order_relaxed)) return After::close;
  reader_.clear();
  std::string().swap(out_);  // an idle connection holds no buffers
  enter(Phase::idle, gate_.limits.idle_time);
  return After::keep;
}

// The hub itself, which answers `busy`, comes back by an event.
Connection::After Connection::let_others_go_first(Answers answers) {
  if (answers == Answers::handler) return After::again;
  watches_room_ = false;
  return wait_for_room();
}

Connection::After Connection::wait_for_room() {
  if (phase_ != Phase::sending) enter(Phase::sending, gate_.limits.response_time);
  if (!watches_room_) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.u64 = reinterpret_cast<std::uintptr_t>(this);  // as the hub marks it
    if (::epoll_ctl(gate_.epoll, EPOLL_CTL_MOD, socket_, &event) != 0) return After::close;
    watches_room_ = true;
  }
  return After::keep;
}

// The last answer is sent: waits for the client to take it and close, and drops what it still sends.
Connection::After Connection::drain() {
  if (phase_ != Phase::draining) {
    ::shutdown(socket_, SHUT_WR);
    if (gate_.stopping.load(std::memory_order_relaxed)) {
      enter(Phase::draining, kDrainTimeOfStop);
    } else {
      enter(Phase::draining, kDrainTime);
    }
  }
  std::array<char, kReadBytes> bytes;  // NOLINT: as above
  while (!emptied_) {
    const ssize_t n = read_some(bytes.data(), bytes.size());
    if (n < 0 && errno == EAGAIN) break;
    if (n > 0) drained_bytes_ += static_cast<std::size_t>(n);
    if (n <= 0 || drained_bytes_ > kMaxDrainBytes) return After::close;
  }
  return After::keep;
}

Connection::After Connection::time_out() {
  if (phase_ != Phase::receiving) return After::close;
  refuse(kTooSlow);
  return turn(Answers::busy);
}

Connection::After Connection::stop() {
  if (deadline() <= Clock::now()) return After::close;
  switch (phase_) {
    case Phase::idle: return After::close;
    case Phase::receiving: refuse(kStopping); return turn(Answers::busy);
    case Phase::sending: return After::keep;
    case Phase::draining: break;
  }
  if (deadline() > Clock::now() + kDrainTimeOfStop) enter(Phase::draining, kDrainTimeOfStop);
  return After::keep;
}

void Connection::close_socket() {
  if (socket_ < 0) return;
  ::close(socket_);
  socket_ = -1;
  reader_.clear();
  account();
}

}  // namespace parsimony::http
