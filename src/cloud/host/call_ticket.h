// Where the thread that waits for a call meets the engine that runs it.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "common/error.h"
#include "types/json.h"

namespace parsimony {

// Thread-safe. One thread waits, once; the first end counts.
class CallTicket {
 public:
  void progress(std::string message);
  void done(std::string text);  // a "done" message of protocol.h
  void fail(Error error);

  // The result, or throws what the call ended with. Hands on what the call says meanwhile.
  Json wait(const std::function<void(const std::string&)>& on_message);

 private:
  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::deque<std::string> messages_;
  std::optional<std::string> done_;
  std::optional<Error> error_;
};

// The result in a "done" message. Throws the error in it.
Json result_of_done(const std::string& text);

}  // namespace parsimony
