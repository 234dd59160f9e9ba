// Wall-clock time. The one place that asks for it, so that it can be set for tests later.
#pragma once
#include <cstdint>
#include <string>

namespace parsimony {

// Milliseconds since 1970-01-01 UTC.
std::int64_t now_ms();

// A date as Parse writes it: "2020-01-31T23:59:59.000Z". Years 0000 to 9999.
std::string iso_date(std::int64_t ms_since_epoch);
inline std::string now_iso() { return iso_date(now_ms()); }

}  // namespace parsimony
