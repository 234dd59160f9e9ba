// Runs what JavaScript asks of the outside on workers, so that an engine's thread never waits for a database or the network.
//
// Calls wait in lanes, each with a number of places. A REST call can lead to triggers which make REST calls of their own: calls at each
// depth have a lane of their own, so that those further out never hold the places that those further in need to go on.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cloud/host/outside.h"
#include "common/worker_pool.h"

namespace parsimony {

// One call as JavaScript described it.
struct OutsideCall {
  std::string type;  // "rest", "fetch", "email"
  std::string id;
  std::string text;                                                 // the whole message
  std::vector<std::string> chain;                                   // of the work that it belongs to
  net::Clock::time_point deadline = net::Clock::time_point::max();  // of a fetch; of the Cloud Code that another call leads to
  std::shared_ptr<net::CancelFlag> cancel = {};                     // of a fetch
};

// Thread-safe.
class OutsideCalls {
 public:
  static constexpr std::size_t kRestPlaces = 32;  // at each depth
  static constexpr std::size_t kFetchPlaces = 64;
  static constexpr std::size_t kEmailPlaces = 8;

  explicit OutsideCalls(CloudOutside outside);
  // Runs all that was submitted.
  ~OutsideCalls();
  OutsideCalls(const OutsideCalls&) = delete;
  OutsideCalls& operator=(const OutsideCalls&) = delete;

  // `answer` gets the message that answers the call, on a worker; after stop() at once.
  void submit(OutsideCall call, std::function<void(std::string)> answer);
  // Refuses what waits and what comes, and waits for what runs: nothing of the outside is used any more when it returns.
  void stop();

 private:
  struct Task {
    OutsideCall call;
    std::function<void(std::string)> answer;
  };
  struct Lane {
    std::size_t places;
    std::size_t running = 0;
    std::deque<Task> waiting{};
  };

  Lane& lane_of(const OutsideCall& call);
  void run_lane(Lane& lane);
  bool is_idle() const;  // under mutex_
  std::string run(const OutsideCall& call) const;

  const CloudOutside outside_;
  std::mutex mutex_;  // guards the next three
  std::condition_variable idle_;
  std::vector<Lane> lanes_;
  bool stopping_ = false;
  WorkerPool workers_;
};

}  // namespace parsimony
