// Dates as Parse writes them: ISO 8601 in UTC with milliseconds.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "types/json.h"

namespace parsimony {

// Reads the forms that JavaScript's Date reads of ISO 8601: "2020-01-31", "2020-01-31T10:00Z", fractions of any length (cut to
// milliseconds), an offset "+02:00", none meaning UTC. Years 0000 to 9999.
std::optional<std::int64_t> parse_iso_date(std::string_view text);
// The same text in the one form that is stored, "2020-01-31T10:00:00.000Z".
std::optional<std::string> normalize_iso_date(std::string_view text);

// {"__type":"Date","iso":text}
Json encode_date(std::string_view iso);
// The normalized text of an encoded date, or of a bare ISO string; nothing for anything else.
std::optional<std::string> decode_date(const Json& value);

}  // namespace parsimony
