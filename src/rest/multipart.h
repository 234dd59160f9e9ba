// Bodies of type multipart/form-data, as a browser or `curl -F` sends them (RFC 7578).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parsimony {

inline constexpr std::size_t kMaxFormParts = 1000;

struct FormPart {
  std::string name;
  std::optional<std::string> file_name;  // without folders
  std::string content_type;              // in small letters, without parameters; "text/plain" where the part says nothing
  std::string_view content;

  // A part that names a file, or says that it is no text.
  bool is_file() const { return file_name || content_type == "application/octet-stream"; }
};

bool is_multipart(std::string_view content_type);

// The parts that have a name, in their order. The contents lie in `body`. Throws 107 for a body that is not of that form, or has too
// many parts.
std::vector<FormPart> read_form_parts(std::string_view content_type, std::string_view body);

}  // namespace parsimony
