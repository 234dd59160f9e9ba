// How much Cloud Code may take.
#pragma once
#include <chrono>
#include <cstddef>

namespace parsimony {

struct CloudLimits {
  using Milliseconds = std::chrono::milliseconds;

  Milliseconds call_time{30'000};                     // from the start of a function or trigger to its answer
  Milliseconds job_time{0};                           // the same for a job; 0: as long as it takes
  Milliseconds load_time{30'000};                     // of the main file, what it awaits included
  Milliseconds run_time{5'000};                       // without giving others a turn
  Milliseconds grace{1'000};                          // beyond it an engine that does not heed the interruption is stopped
  std::size_t memory_bytes = std::size_t{256} << 20;  // of one engine
  std::size_t engines = 1;                            // that serve side by side, each with its own state
  std::size_t unfinished_calls = 256;                 // of clients, in one engine
};

inline constexpr std::size_t kMaxTimers = 10'000;          // of one engine
inline constexpr std::size_t kMaxQueuedCalls = 10'000;     // of one engine to the outside, unfinished
inline constexpr std::size_t kMaxSentMessages = 100'000;   // while JavaScript runs without a pause
inline constexpr std::size_t kMaxLoggedBytes = 64 * 1024;  // of one message

}  // namespace parsimony
