#include "net/url.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "common/percent_encoding.h"
#include "net/net_error.h"

namespace parsimony::net {
namespace {

constexpr std::string_view kKeptInTarget = "!$&'()*+,;=:@/?%[]|";  // beside the unreserved characters

[[noreturn]] void refuse(const char* why) { throw NetError(Fault::BadRequest, std::string("the URL ") + why); }

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return lower;
}

void require_clean(std::string_view text) {
  if (text.size() > kMaxUrlBytes) refuse("is too long");
  const bool has_control = std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (has_control) refuse("holds control characters");
}

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
    const auto low = high ? hex_digit(text[i + 2]) : std::nullopt;
    decoded += low ? static_cast<char>(*high * 16 + *low) : text[i];
    if (low) i += 2;
  }
  return decoded;
}

int port_of(std::string_view text, int otherwise) {
  if (text.empty()) return otherwise;
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port < 1 || port > 65535) refuse("has a port that is none");
  return port;
}

bool is_host(std::string_view host, bool is_ipv6) {
  const std::string_view more = is_ipv6 ? ":." : "-._";
  return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || more.find(c) != std::string_view::npos;
  });
}

// "user:password@host:port"
void read_authority(Url& url, std::string_view text) {
  if (const std::size_t at = text.rfind('@'); at != std::string_view::npos) {
    url.user = percent_decoded(text.substr(0, at));
    text.remove_prefix(at + 1);
  }
  const bool is_ipv6 = text.starts_with('[');
  const std::size_t host_end = is_ipv6 ? text.find(']') : std::min(text.find(':'), text.size());
  if (host_end == std::string_view::npos) refuse("has an address without its closing bracket");
  url.host = lower_case(text.substr(is_ipv6 ? 1 : 0, host_end - (is_ipv6 ? 1 : 0)));
  if (!is_host(url.host, is_ipv6)) refuse("names no host that could be called");
  const std::string_view rest = text.substr(host_end + (is_ipv6 ? 1 : 0));
  if (!rest.empty() && rest.front() != ':') refuse("names no host that could be called");
  url.port = port_of(rest.empty() ? rest : rest.substr(1), url.is_https ? 443 : 80);
}

std::string target_of(std::string_view text) {
  text = text.substr(0, text.find('#'));
  std::string target = percent_encoded(text, kKeptInTarget);
  if (!target.starts_with('/')) target.insert(0, "/");
  return target;
}

// Takes "." and ".." away (RFC 3986, section 5.2.4).
std::string without_dots(std::string_view path) {
  std::vector<std::string_view> steps;
  bool ends_open = false;
  std::size_t start = 1;
  while (start <= path.size()) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const std::string_view step = path.substr(start, end - start);
    ends_open = step == "." || step == "..";
    if (step == ".." && !steps.empty()) steps.pop_back();
    if (!ends_open) steps.push_back(step);
    start = end + 1;
  }
  std::string clean;
  for (const std::string_view step : steps) clean += "/" + std::string(step);
  return ends_open || clean.empty() ? clean + "/" : clean;
}

}  // namespace

std::string Url::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == (is_https ? 443 : 80) ? name : name + ":" + std::to_string(port);
}

std::string Url::text() const { return (is_https ? "https://" : "http://") + authority() + target; }

Url parse_url(std::string_view text) {
  require_clean(text);
  const std::size_t scheme_end = text.find("://");
  const std::string scheme = lower_case(text.substr(0, std::min(scheme_end, text.size())));
  if (scheme_end == std::string_view::npos || (scheme != "http" && scheme != "https")) refuse("must begin with http:// or https://");
  Url url;
  url.is_https = scheme == "https";
  const std::string_view rest = text.substr(scheme_end + 3);
  const std::size_t authority_end = std::min(rest.find_first_of("/?#\\"), rest.size());
  read_authority(url, rest.substr(0, authority_end));
  url.target = target_of(rest.substr(authority_end));
  return url;
}

Url resolve_url(const Url& base, std::string_view reference) {
  require_clean(reference);
  const std::size_t colon = reference.find(':');
  const bool has_scheme = colon != std::string_view::npos && colon < reference.find_first_of("/?#");
  if (has_scheme) return parse_url(reference);
  if (reference.starts_with("//")) return parse_url((base.is_https ? "https:" : "http:") + std::string(reference));
  Url url = base;
  if (reference.starts_with('?')) {
    url.target = target_of(base.target.substr(0, base.target.find('?')) + std::string(reference));
    return url;
  }
  if (reference.empty() || reference.starts_with('#')) return url;
  const std::string_view path = reference.substr(0, reference.find_first_of("?#"));
  const std::string folder = base.target.substr(0, base.target.substr(0, base.target.find('?')).rfind('/') + 1);
  const std::string whole = path.starts_with('/') ? std::string(path) : folder + std::string(path);
  url.target = target_of(without_dots(whole) + std::string(reference.substr(path.size())));
  return url;
}

}  // namespace parsimony::net
