// The part of a URL after '?'.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace parsimony::http {

// "%41" is 'A', '+' is a space. An escape that is none stays as it is.
std::string decode_query_part(std::string_view text);

// Names and values, decoded, in the order sent. A part without '=' has an empty value; empty parts are left out.
std::vector<NameValue> parse_query(std::string_view query);

}  // namespace parsimony::http
