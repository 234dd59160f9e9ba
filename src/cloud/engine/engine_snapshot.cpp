#include "cloud/engine/engine_snapshot.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace parsimony {
namespace {

constexpr std::size_t kSystemPageBytes = 4096;

[[noreturn]] void fail() { throw std::system_error(errno, std::generic_category(), "taking a snapshot of a JavaScript engine"); }

bool is_zero(const std::uint8_t* page) { return page[0] == 0 && std::memcmp(page, page + 1, kSystemPageBytes - 1) == 0; }

}  // namespace

EngineSnapshot::EngineSnapshot(const LinearMemory& memory, Handles handles)
    : file_(memfd_create("javascript", MFD_CLOEXEC)), size_bytes_(memory.size_bytes()), handles_(handles) {
  if (file_ < 0) fail();
  try {
    if (ftruncate(file_, static_cast<off_t>(size_bytes_)) != 0) fail();
    write_pages(memory);
  } catch (...) {
    close(file_);
    throw;
  }
}

EngineSnapshot::~EngineSnapshot() { close(file_); }

// Pages of zeros stay holes of the file.
void EngineSnapshot::write_pages(const LinearMemory& memory) {
  for (std::size_t offset = 0; offset < size_bytes_; offset += kSystemPageBytes) {
    const std::uint8_t* page = memory.at(static_cast<Address>(offset));
    if (is_zero(page)) continue;
    if (pwrite(file_, page, kSystemPageBytes, static_cast<off_t>(offset)) != static_cast<ssize_t>(kSystemPageBytes)) fail();
  }
}

}  // namespace parsimony
