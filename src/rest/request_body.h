// The body and the query string of a request as JSON (rest-api.md, section 1).
#pragma once
#include "http/message.h"
#include "rest/rest_settings.h"
#include "types/json.h"

namespace parsimony {

// JSON under any content type but forms; a form becomes an object of strings, unless it is JSON all the same. An empty body, and
// a multipart one, is {}. Throws 400 for what is not JSON, or neither object nor array.
Json read_body(const http::Request& request);

// Values that are JSON are parsed, others are kept as text; of equal names the last wins.
Json read_query(const http::Request& request);

// The same, where every value is the text that it came as.
Json read_query_texts(const http::Request& request);

// Throws 105 when a key or a value anywhere in the body is denied.
void refuse_denied_keywords(const Json& body, const RestSettings& settings);

}  // namespace parsimony
