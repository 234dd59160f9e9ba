// Messages from JavaScript, as far as the engine's thread looks at them: each begins with "type" and, where it has one, "id". The rest is
// read by whoever acts on it.
#pragma once
#include <string>
#include <string_view>

#include "types/json.h"

namespace parsimony {

struct MessageHead {
  std::string_view type;
  std::string_view id;  // empty: it has none
};

// Of a JSON text as JSON.stringify writes it. Views into the text; empty when it does not begin that way.
MessageHead head_of(std::string_view text);

// The message that answers what JavaScript asked for with a refusal: of the REST API as it would answer, otherwise {"error": text}.
std::string refusal_message(std::string_view type, std::string_view id, int status, int code, const std::string& error);
// A "rest" message; `body` is JSON.
std::string rest_message(std::string_view id, int status, std::string_view body, const Json& headers = Json::object());

}  // namespace parsimony
