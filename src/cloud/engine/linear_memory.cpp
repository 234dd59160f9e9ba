#include "cloud/engine/linear_memory.h"

#include <sys/mman.h>

#include <cerrno>
#include <system_error>

namespace parsimony {
namespace {

constexpr std::size_t kReservedBytes = std::size_t{8} << 30;  // a 32-bit address and a 32-bit offset

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

}  // namespace

LinearMemory::LinearMemory(std::uint32_t pages, std::uint32_t max_pages) {
  void* data = mmap(nullptr, kReservedBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (data == MAP_FAILED) fail("reserving the memory of a JavaScript engine");
  memory_.data = static_cast<std::uint8_t*>(data);
  memory_.max_pages = max_pages;
  if (!grow(pages)) {
    munmap(memory_.data, kReservedBytes);
    fail("allocating the memory of a JavaScript engine");
  }
}

LinearMemory::~LinearMemory() { munmap(memory_.data, kReservedBytes); }

bool LinearMemory::contains(const void* address) const {
  const auto* byte = static_cast<const std::uint8_t*>(address);
  return byte >= memory_.data && byte < memory_.data + kReservedBytes;
}

bool LinearMemory::grow(std::uint32_t pages) {
  if (pages > memory_.max_pages - memory_.pages) return false;
  if (mprotect(memory_.data + size_bytes(), pages * kPageBytes, PROT_READ | PROT_WRITE) != 0) return false;
  memory_.pages += pages;
  memory_.size = memory_.pages * static_cast<std::uint32_t>(kPageBytes);
  return true;
}

void LinearMemory::map_copy_of(int file, std::size_t bytes) {
  if (mmap(memory_.data, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, file, 0) == MAP_FAILED)
    fail("copying a JavaScript engine");
}

void LinearMemory::condemn() {
  condemned_ = true;
  mprotect(memory_.data, kReservedBytes, PROT_NONE);
}

}  // namespace parsimony
