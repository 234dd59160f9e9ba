#pragma once
#include <exception>
#include <functional>

#include "cloud/engine/engine_thread.h"

namespace parsimony {

// Runs the body on a thread that may run engines; what it throws is thrown here. Checks belong outside: Catch2 wants its own thread.
inline void on_engine_thread(const std::function<void()>& body) {
  std::exception_ptr thrown;
  {
    EngineThread thread([&] {
      try {
        body();
      } catch (...) {
        thrown = std::current_exception();
      }
    });
  }
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace parsimony
