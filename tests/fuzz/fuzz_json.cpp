// JSON from the network: whatever the bytes are, reading ends with a value or with JsonSyntaxError, and what was read survives
// being written and read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "types/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parsimony;
  Json value;
  try {
    value = parse_json({reinterpret_cast<const char*>(data), size});
  } catch (const JsonSyntaxError&) {
    return 0;
  }
  if (!json_equal(parse_json(to_json_text(value)), value)) std::abort();
  return 0;
}
