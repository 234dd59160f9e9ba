// Where a redirect leads, and with what.
#pragma once
#include <string>
#include <vector>

#include "net/answer_reader.h"
#include "net/url.h"

namespace parsimony::net {

// One step of a call.
struct Step {
  std::string method;
  Url url;
  std::vector<Header> headers;
  std::string body;
};

bool is_redirect(const AnswerHead& head);

// Turns `step` into the one that the redirect asks for. Throws NetError BadAnswer when it names no place that can be called.
void follow(Step& step, const AnswerHead& head);

// Whether a header may hold a secret, by its name.
bool is_secret_header(std::string_view name);

}  // namespace parsimony::net
