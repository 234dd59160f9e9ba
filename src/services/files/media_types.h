// Extensions of file names and the media types that go with them.
//
// The table is an allow-list of what is served under its own type: documents that browsers run as pages (XML of most kinds, MathML,
// MHTML) are left out on purpose, apart from those that the default extension filter refuses anyway.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace parsimony {

// Behind the last dot, as it is written; empty when there is none. Dots and blanks at the end do not count: "x.svg. " has "svg".
std::string_view extension_of(std::string_view file_name);

// Nothing for an extension that is not in the table. In any case.
std::optional<std::string_view> media_type_of_extension(std::string_view extension);
// The usual extension of a media type, which may have parameters: "jpg" for "image/jpeg; q=1".
std::optional<std::string_view> extension_of_media_type(std::string_view media_type);

// What a file of that name is served as: its media type, with the charset where it is text; else bytes of no known kind.
std::string content_type_of_file(std::string_view file_name);

}  // namespace parsimony
