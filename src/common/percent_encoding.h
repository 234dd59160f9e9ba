// Text as part of a URL.
#pragma once
#include <string>
#include <string_view>

namespace parsimony {

// Every byte but RFC 3986's unreserved ones, and those of `kept`, as %XX.
std::string percent_encoded(std::string_view text, std::string_view kept = {});

}  // namespace parsimony
