// What an engine was at one moment, from which copies are made: its memory in a file without a name, and where things are in it.
//
// Immutable; any thread may make a copy of it at any time.
#pragma once
#include <cstdint>

#include "cloud/engine/linear_memory.h"

namespace parsimony {

class EngineSnapshot {
 public:
  using Address = std::uint32_t;

  struct Handles {
    Address runtime = 0;
    Address context = 0;
    Address receive = 0;          // the function __parsimony_receive, 0 before its first call
    Address cells = 0;            // room for an argument list and a result
    Address random_state = 0;     // of Math.random: 64 bits
    std::uint32_t stack_top = 0;  // the module's own stack pointer
  };

  // Throws std::system_error.
  EngineSnapshot(const LinearMemory& memory, Handles handles);
  ~EngineSnapshot();
  EngineSnapshot(const EngineSnapshot&) = delete;
  EngineSnapshot& operator=(const EngineSnapshot&) = delete;

  int file() const { return file_; }
  std::size_t size_bytes() const { return size_bytes_; }
  const Handles& handles() const { return handles_; }

 private:
  void write_pages(const LinearMemory& memory);

  int file_;
  std::size_t size_bytes_;
  Handles handles_;
};

}  // namespace parsimony
