// Which addresses the files in objects may have (rest-api.md, section 9).
#pragma once
#include <string>
#include <vector>

#include "types/json.h"

namespace parsimony {

// `domains` are host names, "*.example.com" for those below one, "*" for all of them; none allows names of files only.
// Throws 130 when `value` holds, at any depth, a File whose URL names another host, or that is no http(s) URL where hosts are limited.
void require_allowed_file_urls(const Json& value, const std::vector<std::string>& domains);

}  // namespace parsimony
