// The answer that holds a stored file, or the part of it that a request asks for.
#pragma once
#include <memory>
#include <string_view>

#include "http/message.h"
#include "services/files/file_store.h"

namespace parsimony {

// Sent piece by piece. With the media type of the name, an entity tag, byte ranges and 304 for what the client has already (RFC 9110,
// sections 13 and 14).
http::Response stored_file_answer(const http::Request& request, std::shared_ptr<const StoredFile> file, std::string_view name);

}  // namespace parsimony
