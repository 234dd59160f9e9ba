// /files: uploads and downloads (rest-api.md, section 9).
//
// They stand beside the route list because their bodies are bytes of any kind, not JSON, and because a download needs no keys: links
// to files are opened by browsers. A batch cannot hold them.
#pragma once
#include <optional>
#include <string>

#include "http/message.h"
#include "rest/route.h"

namespace parsimony::file_routes {

// The answer to a request for a path (below the mount path) of theirs; nothing for other paths. Throws Error.
std::optional<http::Response> answer(const RestContext& context, const http::Request& request, std::string_view path);

// The same for a call from within, whose caller is known: an upload is wrapped in JSON, {"base64","_ContentType","fileData"}. The path
// must be one of theirs.
bool are_for(std::string_view path);
ApiResponse answer(const RestContext& context, const ApiRequest& call);

// With the master key, the header sets another limit for the size of one upload, in the words of maxUploadSize.
inline constexpr std::string_view kMaxUploadSize = "X-Parse-File-Max-Upload-Size";

// That limit, of a request whose body has not been read; nothing where there is none, or none that counts. `path` as above.
std::optional<std::size_t> body_limit(const RestSettings& settings, const http::Request& head, std::string_view path);

}  // namespace parsimony::file_routes
