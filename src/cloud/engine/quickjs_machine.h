// QuickJS's functions, called as they are: values are addresses in the engine's memory.
//
// Every method that says "recoverable" runs inside wasm::run_recoverably and may be left by a jump at any point. Such methods hold
// nothing with a destructor; texts that leave the engine are kept in members. JavaScriptEngine is the face of this class.
#pragma once
#include <quickjs_names.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "cloud/engine/engine_snapshot.h"
#include "cloud/engine/javascript_engine.h"
#include "cloud/engine/linear_memory.h"

namespace parsimony {
class QuickJsMachine;
}

// The module's imports belong to an "instance" of this name.
struct Z_a_instance_t {
  parsimony::QuickJsMachine* machine;
};

namespace parsimony {

class QuickJsMachine {
 public:
  using Address = EngineSnapshot::Address;

  QuickJsMachine(JavaScriptEngine::Host host, std::uint32_t max_pages);
  ~QuickJsMachine();
  QuickJsMachine(const QuickJsMachine&) = delete;
  QuickJsMachine& operator=(const QuickJsMachine&) = delete;

  // Recoverable. False: it threw; `error_message` and `error_stack` say what.
  void start();
  bool evaluate(const char* source, std::size_t size, const char* file);  // the value's text in `result`
  bool receive(const char* text, std::size_t size);
  bool run_jobs(JavaScriptEngine::Clock::time_point until);  // true when some are left at `until`
  void seed_random(std::uint64_t seed);

  // Outside of the engine.
  void restore(const EngineSnapshot& snapshot);
  std::shared_ptr<const EngineSnapshot> snapshot() const;

  // Recoverable: the module's imports.
  Address call_host(Address argument_count, Address arguments, Address function);
  Address normalize_module(Address base, Address name);
  Address load_module(Address name);
  bool should_interrupt();
  bool grow_to(std::size_t bytes);
  [[noreturn]] void fail(std::string_view reason);

  LinearMemory memory;
  JavaScriptEngine::Clock::time_point deadline = JavaScriptEngine::Clock::time_point::max();
  bool interrupted = false;    // since the deadline was set
  bool out_of_memory = false;  // the same: an allocation failed while little was left below the limit
  std::string result, error_message, error_stack;
  std::string_view failure;  // why the engine ended itself; empty: it trapped

 private:
  Address text_in(const char* bytes, std::size_t size);
  Address string_value(const char* bytes, std::size_t size);
  Address property(Address object, std::string_view name);
  Address call_function(Address function, const Address* arguments, std::uint32_t count);
  Address call_global(std::string_view name, const Address* arguments, std::uint32_t count);
  bool text_out(Address value, std::string& text);
  bool is_string(Address value);
  bool take(Address value);
  void describe_error(Address error);
  void define_function(const char* name, std::uint32_t id);
  void find_random_state();
  Address throw_error(std::string_view message);
  Address compile(Address argument_count, Address arguments);
  Address ask();
  Address send();
  Address bytes_of_text(Address argument_count, Address arguments);
  Address text_of_bytes(Address argument_count, Address arguments);
  Address copy_of_result(Address value);
  std::uint64_t word_at(Address address) const;
  void free_value(Address value) { QTS_FreeValuePointer(&module_, handles_.context, value); }

  JavaScriptEngine::Host host_;
  Z_a_instance_t imports_;
  Z_quickjs_instance_t module_{};
  EngineSnapshot::Handles handles_;
  std::string received_, answer_;  // between JavaScript and the host
  Address module_error_ = 0;       // why a module's name could not be resolved
};

}  // namespace parsimony
