// A `where` from the network: whatever JSON it is, reading ends with a filter or with one of Parse's errors.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/error.h"
#include "query/where_parser.h"
#include "types/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parsimony;
  try {
    const Json where = parse_json({reinterpret_cast<const char*>(data), size});
    parse_where(where);
    parse_where(where, {.allow_internal_fields = true});
  } catch (const JsonSyntaxError&) {
  } catch (const Error&) {
  }
  return 0;
}
