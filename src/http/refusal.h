// What the gate answers by itself, without asking the handler.
#pragma once
#include <string>
#include <string_view>

namespace parsimony::http {

struct Refusal {
  int status;
  std::string_view message;  // for the client; a literal
};

// The bytes of the answer: {"error": message}, after which the connection is closed. 503 asks to come again in a second.
std::string refusal_bytes(Refusal refusal);

}  // namespace parsimony::http
