// Bodies of type multipart/form-data, as a browser or `curl -F` sends a file (RFC 7578).
#pragma once
#include <optional>
#include <string_view>

namespace parsimony {

// The content of the part with that name; nothing when there is none. The views lie in `body`.
// Throws 400 for a body that is not of that form.
std::optional<std::string_view> find_part(std::string_view content_type, std::string_view body, std::string_view name);

}  // namespace parsimony
