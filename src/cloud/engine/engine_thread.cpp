#include "cloud/engine/engine_thread.h"

#include <sys/mman.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "cloud/engine/wasm_runtime.h"

namespace parsimony {
namespace {

constexpr std::size_t kGuardBytes = std::size_t{1} << 20;
constexpr std::size_t kAllBytes = kGuardBytes + EngineThread::kStackBytes;

void check(int error, const char* what) {
  if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

}  // namespace

EngineThread::EngineThread(std::function<void()> body) : body_(std::move(body)) {
  void* stack = mmap(nullptr, kAllBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  check(stack == MAP_FAILED ? errno : 0, "allocating the stack of a JavaScript engine");
  stack_ = static_cast<std::byte*>(stack);
  try {
    start();
  } catch (...) {
    munmap(stack_, kAllBytes);
    throw;
  }
}

void EngineThread::start() {
  check(mprotect(stack_, kGuardBytes, PROT_NONE) == 0 ? 0 : errno, "guarding the stack of a JavaScript engine");
  pthread_attr_t attributes;
  check(pthread_attr_init(&attributes), "starting a JavaScript engine");
  pthread_attr_setstack(&attributes, stack_ + kGuardBytes, kStackBytes);
  const int error = pthread_create(&thread_, &attributes, &main, this);
  pthread_attr_destroy(&attributes);
  check(error, "starting a JavaScript engine");
}

EngineThread::~EngineThread() {
  pthread_join(thread_, nullptr);
  munmap(stack_, kAllBytes);
}

void* EngineThread::main(void* self) {
  auto* thread = static_cast<EngineThread*>(self);
  pthread_setname_np(pthread_self(), "javascript");
  const wasm::ThreadPreparation preparation({thread->stack_ + kGuardBytes, kGuardBytes});
  thread->body_();
  return nullptr;
}

}  // namespace parsimony
