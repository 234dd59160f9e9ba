#include "services/files/file_url_rules.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "common/error.h"

namespace parsimony {
namespace {

constexpr std::size_t kMaxEchoedHost = 200;

std::string lower_case(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || std::string_view("-._:[]").find(c) != std::string_view::npos;
}

// Nothing for what programs could read in two ways: escapes, backslashes, names that are no ASCII.
std::optional<std::string> host_of(const std::string& url) {
  std::string rest = lower_case(url);
  const std::size_t slashes = rest.find("://");
  if (slashes == std::string::npos || (rest.substr(0, slashes) != "http" && rest.substr(0, slashes) != "https")) return std::nullopt;
  rest = rest.substr(slashes + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  if (rest.find('\\') != std::string::npos) return std::nullopt;  // browsers read it as a slash
  rest = rest.substr(rest.rfind('@') + 1);
  if (!std::all_of(rest.begin(), rest.end(), is_host_character)) return std::nullopt;
  const std::size_t bracket = rest.find(']');
  const std::string host = rest.substr(0, rest.find(':', bracket == std::string::npos ? 0 : bracket));
  return host.empty() ? std::nullopt : std::optional(host);
}

bool is_below(const std::string& host, const std::string& domain) {
  return host == domain || (domain.starts_with("*.") && host.ends_with(domain.substr(1)));
}

class UrlWalk {
 public:
  explicit UrlWalk(const std::vector<std::string>& domains) {
    for (const std::string& domain : domains) domains_.push_back(lower_case(domain));
  }

  void visit(const Json& value) const {
    if (value.is_array()) {
      for (const Json& element : value) visit(element);
    } else if (const auto* members = value.get_ptr<const Json::object_t*>()) {
      const std::string* type = find_string(value, "__type");
      if (type && *type == "File") check_file(value);
      for (const auto& [name, member] : *members) visit(member);
    }
  }

 private:
  void check_file(const Json& file) const {
    const Json* url = find_member(file, "url");
    if (!url || url->is_null() || *url == Json("")) return;
    const auto host = url->is_string() ? host_of(url->get_ref<const std::string&>()) : std::nullopt;
    if (!host) throw Error(error_code::kFileSaveError, "Invalid file URL.");
    const bool is_allowed =
        std::any_of(domains_.begin(), domains_.end(), [&](const std::string& domain) { return is_below(*host, domain); });
    if (!is_allowed) throw Error(error_code::kFileSaveError, "File URL domain '" + host->substr(0, kMaxEchoedHost) + "' is not allowed.");
  }

  std::vector<std::string> domains_;
};

}  // namespace

void require_allowed_file_urls(const Json& value, const std::vector<std::string>& domains) {
  if (std::find(domains.begin(), domains.end(), "*") == domains.end()) UrlWalk(domains).visit(value);
}

}  // namespace parsimony
