#include "net/redirect.h"

#include <algorithm>

#include "net/net_error.h"

namespace parsimony::net {
namespace {

constexpr std::string_view kSecretWords[] = {"auth", "cookie", "key", "token", "secret", "session", "password", "credential"};

Url place_of(const Url& from, const std::string& location) {
  try {
    return resolve_url(from, location);
  } catch (const NetError& error) {
    throw NetError(Fault::BadAnswer, std::string("the redirect cannot be followed: ") + error.what());
  }
}

bool becomes_get(int status, const std::string& method) {
  if (status == 303) return method != "GET" && method != "HEAD";
  return (status == 301 || status == 302) && method == "POST";
}

bool tells_of_body(std::string_view name) {
  constexpr std::string_view kNames[] = {"Content-Type", "Content-Encoding", "Content-Language", "Content-Location"};
  return std::any_of(std::begin(kNames), std::end(kNames), [&](std::string_view known) { return equal_ignoring_case(known, name); });
}

}  // namespace

bool is_redirect(const AnswerHead& head) {
  constexpr int kStatuses[] = {301, 302, 303, 307, 308};
  return std::find(std::begin(kStatuses), std::end(kStatuses), head.status) != std::end(kStatuses) && find_header(head.headers, "Location");
}

void follow(Step& step, const AnswerHead& head) {
  Url next = place_of(step.url, *find_header(head.headers, "Location"));
  if (becomes_get(head.status, step.method)) {
    step.method = "GET";
    step.body.clear();
    std::erase_if(step.headers, [](const Header& header) { return tells_of_body(header.first); });
  }
  if (!next.same_origin(step.url)) {
    std::erase_if(step.headers, [](const Header& header) { return is_secret_header(header.first); });
  }
  step.url = std::move(next);
}

bool is_secret_header(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return std::any_of(std::begin(kSecretWords), std::end(kSecretWords),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

}  // namespace parsimony::net
