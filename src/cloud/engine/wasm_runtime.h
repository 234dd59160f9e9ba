// What the C that wasm2c generates needs to run: recovery from traps, function tables, function types.
//
// Recovery jumps over all frames between the trap and run_recoverably(). They are the generated C's and ours below it, and must hold
// no object with a destructor; a C++ exception must not leave them either.
#pragma once
#include <wasm-rt.h>

#include <string_view>

#include "cloud/engine/linear_memory.h"

namespace parsimony::wasm {

// The addresses of a thread's stack: running into the pages below `lowest` is a trap.
struct StackBounds {
  const std::byte* lowest = nullptr;
  std::size_t guard_bytes = 0;
};

// Prepares the calling thread for run_recoverably: an alternate stack for signals, and which addresses mean that the stack is used up.
// Takes it back at the end. One a thread.
class ThreadPreparation {
 public:
  explicit ThreadPreparation(StackBounds stack);
  ~ThreadPreparation();
  ThreadPreparation(const ThreadPreparation&) = delete;
  ThreadPreparation& operator=(const ThreadPreparation&) = delete;

 private:
  void* signal_stack_ = nullptr;
};

// Calls body(data). WASM_RT_TRAP_NONE when it came back; otherwise what stopped it: an access outside of `memory`, the end of the
// stack, or wasm_rt_trap. Any other fault of the process goes where it would go without us. Calls may nest.
wasm_rt_trap_t run_recoverably(const LinearMemory& memory, void (*body)(void*), void* data);

// Bytes of the prepared thread's stack below the caller's frame.
std::size_t stack_room();

std::string_view describe(wasm_rt_trap_t trap);

}  // namespace parsimony::wasm
