// Stops engines that run on beyond their deadline: what the interruption does not reach, a built-in over a huge length.
//
// The thread sleeps while no engine runs, and looks every tenth of a second while one does.
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "cloud/engine/javascript_engine.h"

namespace parsimony {

class Watchdog {
 public:
  using Clock = std::chrono::steady_clock;

  // One engine's place. All but set_engine() may be called often.
  class Leash {
   public:
    // The engine's thread. Null: it has none now; waits while the watchdog stops the old one.
    void set_engine(JavaScriptEngine* engine);
    void begin(Clock::time_point deadline);
    void end() { deadline_ = kIdle; }
    // Any thread: stops the engine now.
    void stop();

   private:
    friend class Watchdog;
    static constexpr Clock::rep kIdle = 0;

    explicit Leash(Watchdog& watchdog) : watchdog_(watchdog) {}
    bool is_running() const { return deadline_ != kIdle; }
    void check(Clock::time_point now);

    Watchdog& watchdog_;
    std::atomic<Clock::rep> deadline_ = kIdle;
    std::mutex mutex_;  // guards engine_
    JavaScriptEngine* engine_ = nullptr;
  };

  Watchdog();
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // Thread-safe. The leash is let go when nobody else holds it.
  std::shared_ptr<Leash> add();

 private:
  void live();
  void wake();
  bool look();  // whether any engine runs

  std::atomic<bool> awake_ = false;
  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::vector<std::shared_ptr<Leash>> leashes_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace parsimony
