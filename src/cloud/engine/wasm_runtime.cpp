#include "cloud/engine/wasm_runtime.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <mutex>
#include <system_error>
#include <vector>

namespace parsimony::wasm {
namespace {

constexpr std::size_t kSignalStackBytes = 64 * 1024;

struct Recovery {
  sigjmp_buf target;
  const LinearMemory* memory;
  Recovery* outer;
};

thread_local Recovery* recovery = nullptr;
thread_local StackBounds thread_stack;
struct sigaction previous_segv, previous_bus;

bool hits_stack_guard(const std::byte* address) {
  return address < thread_stack.lowest && address >= thread_stack.lowest - thread_stack.guard_bytes;
}

// A fault that is none of ours: the previous handler's, or the default action when the instruction is run again.
void pass_on(int signal, siginfo_t* info, void* context) {
  const struct sigaction& previous = signal == SIGSEGV ? previous_segv : previous_bus;
  if ((previous.sa_flags & SA_SIGINFO) != 0) {
    previous.sa_sigaction(signal, info, context);
  } else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) {
    previous.sa_handler(signal);
  } else {
    sigaction(signal, &previous, nullptr);
  }
}

void on_fault(int signal, siginfo_t* info, void* context) {
  if (recovery != nullptr) {
    if (recovery->memory->contains(info->si_addr)) siglongjmp(recovery->target, WASM_RT_TRAP_OOB);
    if (hits_stack_guard(static_cast<const std::byte*>(info->si_addr))) siglongjmp(recovery->target, WASM_RT_TRAP_EXHAUSTION);
  }
  pass_on(signal, info, context);
}

// SA_NODEFER: the handler leaves by a jump, which would not take the signal out of the thread's mask.
void install_handlers() {
  struct sigaction action {};
  action.sa_sigaction = &on_fault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  sigaction(SIGSEGV, &action, &previous_segv);
  sigaction(SIGBUS, &action, &previous_bus);
}

// A sanitizer has given the thread one already, which stays.
bool has_signal_stack() {
  stack_t current{};
  return sigaltstack(nullptr, &current) == 0 && (current.ss_flags & SS_DISABLE) == 0 && current.ss_size >= kSignalStackBytes / 4;
}

}  // namespace

ThreadPreparation::ThreadPreparation(StackBounds stack) {
  static std::once_flag once;
  std::call_once(once, install_handlers);
  thread_stack = stack;
  if (has_signal_stack()) return;
  signal_stack_ = mmap(nullptr, kSignalStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (signal_stack_ == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "allocating a signal stack");
  stack_t alternate{};
  alternate.ss_sp = signal_stack_;
  alternate.ss_size = kSignalStackBytes;
  sigaltstack(&alternate, nullptr);
}

ThreadPreparation::~ThreadPreparation() {
  thread_stack = {};
  if (signal_stack_ == nullptr) return;
  stack_t none{};
  none.ss_flags = SS_DISABLE;
  sigaltstack(&none, nullptr);
  munmap(signal_stack_, kSignalStackBytes);
}

wasm_rt_trap_t run_recoverably(const LinearMemory& memory, void (*body)(void*), void* data) {
  Recovery here;
  here.memory = &memory;
  here.outer = recovery;
  recovery = &here;
  const int trap = sigsetjmp(here.target, 0);
  if (trap == 0) body(data);
  recovery = here.outer;
  return static_cast<wasm_rt_trap_t>(trap);
}

std::size_t stack_room() {
  const auto* here = static_cast<const std::byte*>(__builtin_frame_address(0));
  return here > thread_stack.lowest ? static_cast<std::size_t>(here - thread_stack.lowest) : 0;
}

std::string_view describe(wasm_rt_trap_t trap) {
  switch (trap) {
    case WASM_RT_TRAP_NONE: return "no trap";
    case WASM_RT_TRAP_OOB: return "an access outside of the engine's memory";
    case WASM_RT_TRAP_INT_OVERFLOW: return "an integer overflow";
    case WASM_RT_TRAP_DIV_BY_ZERO: return "an integer division by zero";
    case WASM_RT_TRAP_INVALID_CONVERSION: return "an invalid conversion to an integer";
    case WASM_RT_TRAP_UNREACHABLE: return "an abort inside the engine";
    case WASM_RT_TRAP_CALL_INDIRECT: return "a call of the wrong type";
    case WASM_RT_TRAP_UNCAUGHT_EXCEPTION: return "an uncaught exception";
    case WASM_RT_TRAP_EXHAUSTION: return "the end of the engine's stack";
  }
  return "an unknown trap";
}

namespace {

std::mutex types_mutex;
std::vector<std::vector<int>> function_types;  // guarded by types_mutex; an index and one is the type's id

std::uint32_t id_of_type(const std::vector<int>& type) {
  std::lock_guard lock(types_mutex);
  for (std::size_t i = 0; i < function_types.size(); ++i) {
    if (function_types[i] == type) return static_cast<std::uint32_t>(i + 1);
  }
  function_types.push_back(type);
  return static_cast<std::uint32_t>(function_types.size());
}

}  // namespace
}  // namespace parsimony::wasm

extern "C" {

void wasm_rt_trap(wasm_rt_trap_t trap) {
  if (parsimony::wasm::recovery == nullptr) std::abort();
  siglongjmp(parsimony::wasm::recovery->target, trap);
}

uint32_t wasm_rt_register_func_type(uint32_t params, uint32_t results, ...) {
  std::vector<int> type = {static_cast<int>(params), static_cast<int>(results)};
  va_list arguments;
  va_start(arguments, results);
  for (uint32_t i = 0; i < params + results; ++i) type.push_back(va_arg(arguments, int));
  va_end(arguments);
  return parsimony::wasm::id_of_type(type);
}

void wasm_rt_allocate_funcref_table(wasm_rt_funcref_table_t* table, uint32_t elements, uint32_t max_elements) {
  table->data = static_cast<wasm_rt_funcref_t*>(std::calloc(elements, sizeof(wasm_rt_funcref_t)));
  if (table->data == nullptr) std::abort();
  table->size = elements;
  table->max_size = max_elements;
}

void wasm_rt_free_funcref_table(wasm_rt_funcref_table_t* table) { std::free(table->data); }
}
