// The memory that one engine can reach, and nothing else: a reservation of 8 GB of addresses, the first pages of which are accessible.
//
// WebAssembly's addresses are 32 bits wide, with an offset of as much, so no instruction of the engine can name an address outside of
// the reservation; one that names an inaccessible page faults and ends in wasm_runtime's recovery.
#pragma once
#include <wasm-rt.h>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace parsimony {

class LinearMemory {
 public:
  static constexpr std::size_t kPageBytes = 64 * 1024;

  // Throws std::system_error when the machine has no addresses left.
  LinearMemory(std::uint32_t pages, std::uint32_t max_pages);
  ~LinearMemory();
  LinearMemory(const LinearMemory&) = delete;
  LinearMemory& operator=(const LinearMemory&) = delete;

  std::uint8_t* at(std::uint32_t address) const { return memory_.data + address; }
  std::size_t size_bytes() const { return std::size_t{memory_.pages} * kPageBytes; }
  bool contains(const void* address) const;
  wasm_rt_memory_t* raw() { return &memory_; }

  // False at the maximum, and when the system refuses. On the engine's thread.
  bool grow(std::uint32_t pages);
  // Lays the first `bytes` of a file over the memory, copied on write. On the engine's thread. Throws std::system_error.
  void map_copy_of(int file, std::size_t bytes);

  // Makes everything inaccessible for good, so that whatever runs in it faults. Any thread.
  void condemn();
  bool condemned() const { return condemned_; }

 private:
  wasm_rt_memory_t memory_{};
  std::atomic<bool> condemned_ = false;
};

}  // namespace parsimony
