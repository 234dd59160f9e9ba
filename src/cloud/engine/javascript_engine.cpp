#include "cloud/engine/javascript_engine.h"

#include <type_traits>
#include <utility>

#include "cloud/engine/quickjs_machine.h"
#include "cloud/engine/wasm_runtime.h"
#include "common/random.h"

namespace parsimony {
namespace {

std::uint32_t pages_of(std::size_t bytes) {
  constexpr std::size_t kMostPages = 65535;  // one less than 4 GB, whose size fits in 32 bits
  return static_cast<std::uint32_t>(std::min(bytes / LinearMemory::kPageBytes, kMostPages));
}

std::uint64_t random_seed() { return std::stoull(random_hex(sizeof(std::uint64_t)), nullptr, 16); }

}  // namespace

class JavaScriptEngine::Impl {
 public:
  Impl(Host host, Limits limits) : machine(std::move(host), pages_of(limits.memory_bytes)) {}

  // Runs `body` inside the engine. It is left by a jump when the engine ends, so it and what it calls own nothing.
  template <class Body>
  void inside(Body body) {
    static_assert(std::is_trivially_destructible_v<Body>);
    const auto call = [](void* data) { (*static_cast<Body*>(data))(); };
    const wasm_rt_trap_t trap = wasm::run_recoverably(machine.memory, call, &body);
    if (trap != WASM_RT_TRAP_NONE) throw EngineLost(loss(trap));
  }

  void check(bool succeeded) const {
    if (!succeeded) throw JavaScriptError(machine.error_message, machine.error_stack);
  }

  QuickJsMachine machine;

 private:
  std::string loss(wasm_rt_trap_t trap) const {
    if (machine.memory.condemned()) return "it was stopped";
    return std::string(machine.failure.empty() ? wasm::describe(trap) : machine.failure);
  }
};

JavaScriptEngine::JavaScriptEngine(Host host, Limits limits) : impl_(std::make_unique<Impl>(std::move(host), limits)) {
  QuickJsMachine& machine = impl_->machine;
  const std::uint64_t seed = random_seed();
  impl_->inside([&machine, seed] {
    machine.start();
    machine.seed_random(seed);
  });
}

JavaScriptEngine::JavaScriptEngine(const EngineSnapshot& snapshot, Host host, Limits limits)
    : impl_(std::make_unique<Impl>(std::move(host), limits)) {
  QuickJsMachine& machine = impl_->machine;
  machine.restore(snapshot);
  const std::uint64_t seed = random_seed();
  impl_->inside([&machine, seed] { machine.seed_random(seed); });
}

JavaScriptEngine::~JavaScriptEngine() = default;

std::string JavaScriptEngine::evaluate(std::string_view source, const std::string& file) {
  QuickJsMachine& machine = impl_->machine;
  bool succeeded = false;
  impl_->inside([&] { succeeded = machine.evaluate(source.data(), source.size(), file.c_str()); });
  impl_->check(succeeded);
  return std::move(machine.result);
}

void JavaScriptEngine::receive(std::string_view text) {
  bool succeeded = false;
  impl_->inside([&] { succeeded = impl_->machine.receive(text.data(), text.size()); });
  impl_->check(succeeded);
}

bool JavaScriptEngine::run_jobs(Clock::time_point until) {
  bool left = false;
  impl_->inside([&] { left = impl_->machine.run_jobs(until); });
  return left;
}

void JavaScriptEngine::set_deadline(Clock::time_point deadline) {
  impl_->machine.deadline = deadline;
  impl_->machine.interrupted = false;
  impl_->machine.out_of_memory = false;
}

bool JavaScriptEngine::interrupted() const { return impl_->machine.interrupted; }
bool JavaScriptEngine::out_of_memory() const { return impl_->machine.out_of_memory; }
void JavaScriptEngine::condemn() { impl_->machine.memory.condemn(); }
bool JavaScriptEngine::is_condemned() const { return impl_->machine.memory.condemned(); }

std::shared_ptr<const EngineSnapshot> JavaScriptEngine::snapshot() {
  if (is_condemned()) throw EngineLost("it was stopped");  // its memory cannot be read any more
  return impl_->machine.snapshot();
}

std::size_t JavaScriptEngine::memory_bytes() const { return impl_->machine.memory.size_bytes(); }

}  // namespace parsimony
