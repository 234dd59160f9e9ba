#include "rest/multipart.h"

#include <string>

#include "common/error.h"
#include "http/message.h"

namespace parsimony {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kMaxParts = 100;
constexpr std::size_t kMaxBoundaryBytes = 70;

[[noreturn]] void refuse(const std::string& reason) { throw Error::bad_body("The multipart body " + reason); }

// The value of `name="value"` or `name=value` among parameters behind semicolons.
std::string_view parameter(std::string_view text, std::string_view name) {
  for (auto at = text.find(';'); at != std::string_view::npos; at = text.find(';', at + 1)) {
    std::string_view rest = text.substr(at + 1);
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
    if (rest.size() <= name.size() || rest[name.size()] != '=' || !http::equal_ignoring_case(rest.substr(0, name.size()), name)) continue;
    rest.remove_prefix(name.size() + 1);
    if (rest.starts_with('"')) return rest.substr(1, rest.find('"', 1) - 1);
    return rest.substr(0, rest.find_first_of("; \t\r"));
  }
  return {};
}

std::string_view name_of_part(std::string_view head) {
  constexpr std::string_view kDisposition = "content-disposition:";
  while (!head.empty()) {
    const std::string_view line = head.substr(0, head.find(kLineEnd));
    if (http::equal_ignoring_case(line.substr(0, kDisposition.size()), kDisposition)) return parameter(line, "name");
    head.remove_prefix(std::min(line.size() + kLineEnd.size(), head.size()));
  }
  return {};
}

}  // namespace

std::optional<std::string_view> find_part(std::string_view content_type, std::string_view body, std::string_view name) {
  const std::string_view boundary = parameter(content_type, "boundary");
  if (boundary.empty() || boundary.size() > kMaxBoundaryBytes) refuse("has no boundary");
  const std::string delimiter = std::string(kLineEnd) + "--" + std::string(boundary);
  if (!body.starts_with(std::string_view(delimiter).substr(kLineEnd.size()))) refuse("does not begin with its boundary");
  body.remove_prefix(delimiter.size() - kLineEnd.size());
  for (std::size_t parts = 0; body.starts_with(kLineEnd) && parts < kMaxParts; ++parts) {
    const auto end = body.find(delimiter);
    if (end == std::string_view::npos) refuse("does not end with its boundary");
    const std::string_view part = body.substr(kLineEnd.size(), end - kLineEnd.size());
    const auto head_end = part.find("\r\n\r\n");
    if (head_end == std::string_view::npos) refuse("has a part without a head");
    if (name_of_part(part.substr(0, head_end)) == name) return part.substr(head_end + 4);
    body.remove_prefix(end + delimiter.size());
  }
  return std::nullopt;
}

}  // namespace parsimony
