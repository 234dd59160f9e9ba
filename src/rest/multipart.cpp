#include "rest/multipart.h"

#include <algorithm>

#include "common/error.h"
#include "http/message.h"

namespace parsimony {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kMaxBoundaryBytes = 70;

[[noreturn]] void refuse(const std::string& reason) { throw Error(error_code::kInvalidJson, "Invalid multipart request: " + reason); }

std::string_view without_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

// Reads a header's value: what stands before the first semicolon, then parameters `name=value` or `name="value"`.
class HeaderReader {
 public:
  explicit HeaderReader(std::string_view text) : rest_(text) {}

  std::string_view value() { return without_blanks(take_until(";")); }

  // The parameter of that name; nothing when there is none.
  std::optional<std::string> parameter(std::string_view name) {
    while (!rest_.empty()) {
      rest_.remove_prefix(1);  // the semicolon
      const std::string_view found = without_blanks(take_until("=;"));
      std::string value = rest_.starts_with('=') ? take_value() : std::string();
      if (http::equal_ignoring_case(found, name)) return value;
    }
    return std::nullopt;
  }

 private:
  std::string_view take_until(std::string_view ends) {
    const std::string_view taken = rest_.substr(0, rest_.find_first_of(ends));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  std::string take_value() {
    rest_.remove_prefix(1);  // the equals sign
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size()));
    if (!rest_.starts_with('"')) return std::string(without_blanks(take_until(";")));
    rest_.remove_prefix(1);
    std::string value = take_quoted();
    take_until(";");
    return value;
  }

  std::string take_quoted() {
    std::string value;
    while (!rest_.empty() && rest_.front() != '"') {
      const bool is_escaped = rest_.size() > 1 && rest_.front() == '\\' && (rest_[1] == '"' || rest_[1] == '\\');
      rest_.remove_prefix(is_escaped ? 1 : 0);
      value += rest_.front();
      rest_.remove_prefix(1);
    }
    return value;
  }

  std::string_view rest_;
};

// A header of a part; nothing when the part does not have it.
std::optional<std::string_view> header_of(std::string_view head, std::string_view name) {
  while (!head.empty()) {
    const std::string_view line = head.substr(0, head.find(kLineEnd));
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && http::equal_ignoring_case(line.substr(0, colon), name)) return line.substr(colon + 1);
    head.remove_prefix(std::min(line.size() + kLineEnd.size(), head.size()));
  }
  return std::nullopt;
}

std::string without_folders(const std::string& path) {
  std::string name = path.substr(path.find_last_of("/\\") + 1);
  return name == "." || name == ".." ? std::string() : name;
}

std::optional<FormPart> read_part(std::string_view text) {
  const std::size_t head_end = text.starts_with(kLineEnd) ? 0 : text.find("\r\n\r\n");
  if (head_end == std::string_view::npos) refuse("a part has no head");
  const std::string_view head = text.substr(0, head_end);
  const auto disposition = header_of(head, "content-disposition");
  if (!disposition || !http::equal_ignoring_case(HeaderReader(*disposition).value(), "form-data")) return std::nullopt;
  auto name = HeaderReader(*disposition).parameter("name");
  if (!name) return std::nullopt;
  FormPart part{std::move(*name), std::nullopt, "text/plain", text.substr(head_end + (head_end == 0 ? 2 : 4))};
  if (const auto file = HeaderReader(*disposition).parameter("filename")) part.file_name = without_folders(*file);
  const auto type = header_of(head, "content-type");
  const std::string given = type ? http::lower_case(HeaderReader(*type).value()) : std::string();
  if (!given.empty()) part.content_type = given;
  return part;
}

// Takes what stands before the first boundary, and the boundary.
void skip_preamble(std::string_view& body, const std::string& delimiter) {
  const std::string_view first = std::string_view(delimiter).substr(kLineEnd.size());
  const std::size_t found = body.starts_with(first) ? 0 : body.find(delimiter);
  if (found == std::string_view::npos) refuse("Unexpected end of multipart data");
  body.remove_prefix(found == 0 && body.starts_with(first) ? first.size() : found + delimiter.size());
}

}  // namespace

bool is_multipart(std::string_view content_type) {
  return http::equal_ignoring_case(HeaderReader(content_type).value(), "multipart/form-data");
}

std::vector<FormPart> read_form_parts(std::string_view content_type, std::string_view body) {
  HeaderReader type(content_type);
  type.value();
  const std::string boundary = type.parameter("boundary").value_or("");
  if (boundary.empty() || boundary.size() > kMaxBoundaryBytes) refuse("Multipart: Boundary not found");
  const std::string delimiter = "\r\n--" + boundary;
  skip_preamble(body, delimiter);
  std::vector<FormPart> parts;
  for (std::size_t seen = 0; !body.starts_with("--"); ++seen) {
    if (seen == kMaxFormParts) refuse("more than " + std::to_string(kMaxFormParts) + " parts");
    body.remove_prefix(std::min(body.find_first_not_of(" \t"), body.size()));
    const std::size_t end = body.starts_with(kLineEnd) ? body.find(delimiter) : std::string_view::npos;
    if (end == std::string_view::npos) refuse("Unexpected end of multipart data");
    const std::string_view text = end == 0 ? std::string_view() : body.substr(kLineEnd.size(), end - kLineEnd.size());
    auto part = text.empty() ? std::nullopt : read_part(text);
    if (part) parts.push_back(std::move(*part));
    body.remove_prefix(end + delimiter.size());
  }
  return parts;
}

}  // namespace parsimony
