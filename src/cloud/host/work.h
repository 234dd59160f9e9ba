// What an engine works on: a call, or the loading of the code. Everything that comes of it (calls to the outside, timers, lines in the
// log) belongs to it, also after it has been answered.
#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "cloud/host/call_ticket.h"

namespace parsimony {

// Made by whoever asks; from then on the engine's thread alone changes it.
struct Work {
  using Clock = std::chrono::steady_clock;

  std::string id;                  // of the call; empty while the code is loaded
  std::string label;               // "hello", "beforeSave Order"
  std::vector<std::string> chain;  // the calls within which this one is made, itself last; empty while the code is loaded
  bool from_client = true;         // not from within another call
  bool is_job = false;
  Clock::time_point deadline = Clock::time_point::max();
  std::string message;                 // that begins it
  std::shared_ptr<CallTicket> ticket;  // null while the code is loaded
  bool ended = false;                  // answered
  bool stopped = false;                // by a limit: nothing of it goes on
};

}  // namespace parsimony
