// One JavaScript engine: QuickJS, compiled from its WebAssembly form, in a memory of its own from which it reaches nothing else.
//
// Everything happens on one EngineThread, except condemn(). Code that the engine runs can fail in two ways. A JavaScriptError is an
// exception of the script; the engine goes on. EngineLost means that the engine was stopped in the middle (a trap, condemn()): nothing
// but its destructor may be called any more.
//
// Limits: memory (an allocation beyond it throws in JavaScript), a deadline (the engine interrupts loops), and condemn() for what a
// deadline does not stop, a built-in that runs over a huge length.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace parsimony {

// What a script threw, or why it could not be compiled. `stack` names file, line and column of every frame, innermost first:
// "    at save (main.js:12:7)".
class JavaScriptError : public std::runtime_error {
 public:
  JavaScriptError(const std::string& message, std::string stack) : std::runtime_error(message), stack_(std::move(stack)) {}
  const std::string& stack() const { return stack_; }

 private:
  std::string stack_;
};

class EngineLost : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class EngineSnapshot;

class JavaScriptEngine {
 public:
  using Clock = std::chrono::steady_clock;

  // What JavaScript may call; on the engine's thread, never from within a call of the engine's own methods. An exception that leaves
  // one becomes an Error in JavaScript.
  struct Host {
    std::function<void(std::string text)> send;
    std::function<std::string(const std::string& text)> ask;
  };

  struct Limits {
    std::size_t memory_bytes = std::size_t{256} << 20;
  };

  // An engine with the language and the functions of protocol.h, nothing more.
  JavaScriptEngine(Host host, Limits limits);
  // A copy of the engine that the snapshot was made of; pages are shared until one of them is written. Draws numbers of its own from
  // Math.random.
  JavaScriptEngine(const EngineSnapshot& snapshot, Host host, Limits limits);
  ~JavaScriptEngine();
  JavaScriptEngine(const JavaScriptEngine&) = delete;
  JavaScriptEngine& operator=(const JavaScriptEngine&) = delete;

  // Runs a script in the global scope. Returns its value as text.
  std::string evaluate(std::string_view source, const std::string& file);
  // Calls the global function __parsimony_receive, as it was at the first call.
  void receive(std::string_view text);
  // Runs what promises have put off. True when some are left at `until`.
  bool run_jobs(Clock::time_point until);

  // From then on running code is interrupted, each time it is entered again.
  void set_deadline(Clock::time_point deadline);
  // Since the last set_deadline:
  bool interrupted() const;
  bool out_of_memory() const;  // an allocation failed while little was left below the limit

  // Whatever runs in the engine ends within moments with EngineLost. Any thread, as long as the engine lives.
  void condemn();
  bool is_condemned() const;

  // Throws std::system_error, EngineLost. Nobody may condemn the engine meanwhile.
  std::shared_ptr<const EngineSnapshot> snapshot();

  std::size_t memory_bytes() const;

  class Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace parsimony
