// Times relative to now, as `$relativeTime` writes them: "2 days ago", "in 1 hr 30 mins", "now".
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace parsimony {

// Milliseconds since 1970, or what is wrong with the text, in Parse Server's words.
std::variant<std::int64_t, std::string> parse_relative_time(std::string_view text, std::int64_t now_ms);

}  // namespace parsimony
