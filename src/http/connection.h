// One client's socket and what has come and must go over it.
//
// At any moment the connection has at most one owner: the hub, or the worker that takes its turn. claim_for_event(), claim()
// and release() pass it on; everything else is for the owner, but deadline(), which anyone may ask.
#pragma once
#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "http/gate.h"
#include "http/request_reader.h"

namespace parsimony::http {

class Connection {
 public:
  enum class After { keep, again, close };  // again: others may have their turn first
  enum class Answers { handler, busy };     // busy: whole requests get 503

  // Takes the socket, which must not block.
  Connection(int socket, std::string remote_address, Gate& gate);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // The hub saw the socket change; `hung_up`: the client sends no more. True when the caller is the owner now; else the owner
  // will look again by itself.
  bool claim_for_event(bool hung_up);
  // True when nobody owned it and the caller does now.
  bool claim();
  // False when the socket changed in the meantime: the caller is still the owner and must take another turn.
  bool release();

  // Sends, answers and receives until nothing more can be done without waiting. After `close`, call close_socket().
  After turn(Answers answers);
  // Answers by the gate itself; what the client still sends is dropped. To be followed by a turn.
  void refuse(Refusal refusal);
  // The deadline has passed. As turn().
  After time_out();
  // The server stops: as turn(), but no new request is waited for.
  After stop();
  void close_socket();

  Clock::time_point deadline() const { return Clock::time_point(Clock::duration(deadline_.load(std::memory_order_relaxed))); }

  std::size_t place = 0;  // in the hub's table; the hub's own

 private:
  enum class Phase { idle, receiving, sending, draining };
  enum class Io { done, more, must_wait, failed };  // more: others may have their turn first

  std::optional<std::size_t> max_body_of(const RequestHead& head) const;
  Io send_out();
  Io send_piece();
  void take_piece();
  Io receive();
  ssize_t read_some(char* to, std::size_t size);
  void handle_request(Answers answers);
  void take_bytes(std::string_view bytes);
  After wait_for_request();
  After wait_for_room();
  After let_others_go_first(Answers answers);
  After drain();
  void enter(Phase phase, Clock::duration time);
  void account();

  Gate& gate_;
  int socket_;
  const std::string remote_address_;
  std::atomic<int> owned_{0};
  std::atomic<Clock::rep> deadline_;
  Phase phase_ = Phase::idle;
  bool emptied_ = false;       // nothing more to read until the socket changes
  bool hung_up_ = false;       // the end of what the client sends is there to be read
  bool watches_room_ = false;  // epoll tells when the socket takes bytes again
  bool last_answer_ = false;   // after `out_` is sent, the connection ends
  std::size_t drained_bytes_ = 0;
  std::size_t accounted_bytes_ = 0;
  RequestReader reader_;
  std::string out_;
  std::size_t sent_ = 0;              // of out_
  std::optional<BodyStream> stream_;  // what comes behind out_
  std::uint64_t taken_ = 0;           // of stream_
};

}  // namespace parsimony::http
