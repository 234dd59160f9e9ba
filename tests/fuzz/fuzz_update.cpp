// The body of a save from the network: whatever JSON it is, reading it and applying it to values ends with values or with one of
// Parse's errors.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/error.h"
#include "query/update.h"
#include "types/json.h"

namespace {
using namespace parsimony;

void apply_to(const FieldUpdate& update, const Json& current) {
  try {
    apply_update(update, current, current.is_null());
  } catch (const Error&) {
  }
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Json kValues[] = {nullptr, 1, "text", Json::array({1, "a"}), {{"a", {{"b", 2}}}}};
  try {
    for (const FieldUpdate& update : parse_update(parse_json({reinterpret_cast<const char*>(data), size}))) {
      implied_type(update);
      if (is_relation_update(update)) continue;
      for (const Json& value : kValues) apply_to(update, value);
    }
  } catch (const JsonSyntaxError&) {
  } catch (const Error&) {
  }
  return 0;
}
