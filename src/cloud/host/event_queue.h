// What waits for an engine's thread. Outlives the engine when answers are still on their way to it.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "cloud/host/work.h"

namespace parsimony {

// Either work to begin or the answer to what an engine asked for.
struct EngineEvent {
  std::shared_ptr<Work> work;
  std::uint64_t session = 0;  // that asked
  std::string id;
  std::string text;  // the whole message
};

// Thread-safe.
class EventQueue {
 public:
  // False when the queue is closed; the event is as before then.
  bool push(EngineEvent& event);
  // The next event; nothing at `until`, or when the queue has been closed.
  std::optional<EngineEvent> pop(Work::Clock::time_point until);
  // Gives back what nobody has taken.
  std::deque<EngineEvent> close();
  bool is_closed() const;

 private:
  mutable std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::deque<EngineEvent> events_;
  bool closed_ = false;
};

}  // namespace parsimony
