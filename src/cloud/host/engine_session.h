// One engine from its start to its end: what it works on, what it has asked for, its timers. All on the engine's thread.
//
// One message at a time is delivered to JavaScript, and all that its promises put off is run; what JavaScript sent meanwhile is acted on
// then, and belongs to the work that the message was about. EngineLost leaves the methods that run JavaScript when the engine had to be
// stopped; the session can only be ended then.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "cloud/host/engine_setup.h"
#include "cloud/host/event_queue.h"
#include "cloud/host/message.h"
#include "cloud/host/outside_calls.h"
#include "cloud/host/registrations.h"
#include "cloud/host/timers.h"
#include "cloud/host/watchdog.h"

namespace parsimony {

class EngineSession {
 public:
  using Clock = Work::Clock;

  // What a session is made with; outlives it.
  struct Surroundings {
    std::shared_ptr<const EngineSetup> setup;
    OutsideCalls& outside;
    std::shared_ptr<Watchdog::Leash> leash;
    std::shared_ptr<EventQueue> queue;          // gets the answers to what is asked for
    std::function<void(const Work&)> on_ended;  // a call has been answered
  };

  // Neither loads. Throw EngineLost, and std::exception when there is no memory.
  EngineSession(const Surroundings& around, std::uint64_t number);
  EngineSession(const Surroundings& around, std::uint64_t number, const EngineImage& image);
  ~EngineSession();
  EngineSession(const EngineSession&) = delete;
  EngineSession& operator=(const EngineSession&) = delete;

  std::uint64_t number() const { return number_; }

  // Loading: begin once, then let events and timers happen until is_loaded().
  void load(Registrations& registrations);
  bool is_loaded() const { return loading_ == nullptr; }
  const std::optional<CloudLoadError>& load_error() const { return load_error_; }
  std::shared_ptr<const EngineImage> image();  // right after loading

  void begin(const std::shared_ptr<Work>& work);
  void answer(const std::string& id, const std::string& text);
  void fire_due_timer();
  void give_up_late_work();
  Clock::time_point next_wake() const;

  // The engine has been short of memory, or holds too much that was given up: it should go, at best when it is idle.
  bool is_worn() const { return worn_; }
  bool is_idle() const { return calls_.empty(); }
  // Fails all that is unfinished: the work that was being done with `reason`, everything else with a hint at it.
  void end(const std::string& reason);

 private:
  struct NoEngineYet {};
  // The public ones build on this one, so that the destructor runs when they throw.
  EngineSession(const Surroundings& around, std::uint64_t number, NoEngineYet);

  struct Call {
    std::shared_ptr<Work> work;
    std::multimap<Clock::time_point, std::shared_ptr<Work>>::iterator deadline;
  };
  struct Asked {
    std::shared_ptr<Work> work;
    std::shared_ptr<net::CancelFlag> cancel;  // of a fetch
    std::string text;                         // kept while the code is loaded
    std::size_t bytes = 0;                    // of the message
  };
  struct Row {
    std::string_view type;
    void (EngineSession::*act)(const std::shared_ptr<Work>&, const MessageHead&, std::string&);
  };
  static const Row kRows[];

  JavaScriptEngine::Host host();
  void send(std::string text);
  void deliver(const std::shared_ptr<Work>& work, const std::string& text);
  std::optional<std::string> run(const Work& work, const std::string& text);
  std::string loss_of(const Work& work, Clock::time_point deadline, const std::string& reason) const;
  std::string overrun(const Work& work, Clock::time_point deadline) const;
  CloudLimits::Milliseconds time_limit(const Work& work) const;
  Clock::time_point outside_deadline(const Work& work) const;
  void act_on_sent(const std::shared_ptr<Work>& work);
  void act_on(const std::shared_ptr<Work>& work, std::string& text);
  void finish_loading(std::optional<CloudLoadError> error);
  void take_out(const std::string& id);
  void fail(const std::shared_ptr<Work>& work, const std::string& message);
  void give_up(const std::shared_ptr<Work>& work, const std::string& message);
  void refuse(const std::shared_ptr<Work>& work, const MessageHead& head, const std::string& error);

  void on_loaded(const std::shared_ptr<Work>& work, const MessageHead& head, std::string& text);
  void on_register(const std::shared_ptr<Work>& work, const MessageHead& head, std::string& text);
  void on_done(const std::shared_ptr<Work>& work, const MessageHead& head, std::string& text);
  void on_progress(const std::shared_ptr<Work>& work, const MessageHead& head, std::string& text);
  void on_outside(const std::shared_ptr<Work>& work, const MessageHead& head, std::string& text);
  void on_cancel(const std::shared_ptr<Work>& work, const MessageHead& head, std::string& text);
  void on_timer(const std::shared_ptr<Work>& work, const MessageHead& head, std::string& text);
  void on_clear_timer(const std::shared_ptr<Work>& work, const MessageHead& head, std::string& text);
  void on_log(const std::shared_ptr<Work>& work, const MessageHead& head, std::string& text);
  void on_rejection(const std::shared_ptr<Work>& work, const MessageHead& head, std::string& text);

  const Surroundings around_;
  const std::uint64_t number_;
  const CloudLimits& limits_;
  std::unique_ptr<JavaScriptEngine> engine_;
  std::vector<std::string> sent_;  // by JavaScript, not acted on yet
  std::size_t sent_bytes_ = 0;     // of these
  std::shared_ptr<Work> busy_;     // what is being done
  std::string limit_;              // that the running work has hit; empty: none

  std::shared_ptr<Work> loading_;
  Registrations* registrations_ = nullptr;  // while the code is loaded
  std::optional<CloudLoadError> load_error_;

  std::unordered_map<std::string, Call> calls_;  // begun and unfinished
  std::multimap<Clock::time_point, std::shared_ptr<Work>> deadlines_;
  std::unordered_map<std::string, Asked> asked_;
  std::size_t asked_bytes_ = 0;  // of the messages that are not answered
  Timers timers_;
  std::size_t given_up_ = 0;
  bool short_of_memory_ = false;  // has been, once
  bool worn_ = false;
};

}  // namespace parsimony
