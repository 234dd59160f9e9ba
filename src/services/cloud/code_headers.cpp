#include "services/cloud/code_headers.h"

#include <algorithm>
#include <string_view>

#include "common/log.h"
#include "net/answer_reader.h"

namespace parsimony {
namespace {

constexpr std::size_t kMaxHeaderBytes = 8 * 1024;
constexpr std::string_view kOurs[] = {"Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade", "Trailer", "TE"};

bool is_ours(const std::string& name) {
  return std::any_of(std::begin(kOurs), std::end(kOurs), [&](std::string_view known) { return net::equal_ignoring_case(known, name); });
}

bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }

bool may_be_sent(const std::string& name, const std::string& value) {
  return net::is_token(name) && !is_ours(name) && name.size() + value.size() <= kMaxHeaderBytes &&
         std::none_of(value.begin(), value.end(), is_control);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> headers_of_code(const Json* headers) {
  std::vector<std::pair<std::string, std::string>> result;
  if (!headers || !headers->is_object()) return result;
  for (const auto& [name, value] : headers->items()) {
    const auto* text = value.get_ptr<const std::string*>();
    if (text && may_be_sent(name, *text)) {
      result.emplace_back(name, *text);
    } else {
      log::warn("a header that Cloud Code set cannot be sent", {{"name", name.substr(0, 100)}});
    }
  }
  return result;
}

}  // namespace parsimony
