#include "http/request_head.h"

#include <algorithm>
#include <charconv>

#include "http/message.h"

namespace parsimony::http {
namespace {

constexpr std::size_t kMaxHeaders = 256;
constexpr std::size_t kMaxQueryParts = 1000;  // as Parse Server's query parser

constexpr Refusal kBadRequestLine{400, "The request line is not HTTP/1.1."};
constexpr Refusal kBadTarget{400, "The request target is not a path."};
constexpr Refusal kBadHeader{400, "A header line is malformed."};
constexpr Refusal kBadHost{400, "A request needs one Host header."};
constexpr Refusal kBadLength{400, "The Content-Length header is malformed or repeated."};
constexpr Refusal kBadEncoding{400, "The Transfer-Encoding header is not understood."};
constexpr Refusal kTwoLengths{400, "Content-Length and Transfer-Encoding exclude each other."};
constexpr Refusal kTooManyHeaders{431, "The request has too many headers."};
constexpr Refusal kTooManyQueryParts{400, "The query has too many parameters."};

bool is_token_char(char c) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || kOthers.find(c) != std::string_view::npos;
}
bool is_value_char(char c) { return static_cast<unsigned char>(c) >= 0x20 ? c != 0x7f : c == '\t'; }
bool is_target_char(char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7f; }
bool all_of(std::string_view text, bool (*test)(char)) { return std::all_of(text.begin(), text.end(), test); }

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Whether a comma-separated list such as "keep-alive, Upgrade" has the word.
bool list_has(std::string_view list, std::string_view word) {
  for (;;) {
    const std::size_t comma = list.find(',');
    if (equal_ignoring_case(trimmed(list.substr(0, comma)), word)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

// One method a rule; each returns what is wrong.
class HeadParser {
 public:
  std::optional<Refusal> parse(std::string_view text) {
    if (auto wrong = request_line(next_line(text))) return wrong;
    head_.headers.reserve(16);
    for (std::string_view line = next_line(text); !line.empty(); line = next_line(text)) {
      if (head_.headers.size() == kMaxHeaders) return kTooManyHeaders;
      if (auto wrong = header_line(line)) return wrong;
    }
    return whole();
  }
  RequestHead take() { return std::move(head_); }

 private:
  static std::string_view next_line(std::string_view& text) {
    const std::string_view line = text.substr(0, text.find("\r\n"));
    text.remove_prefix(std::min(text.size(), line.size() + 2));
    return line;
  }

  std::optional<Refusal> request_line(std::string_view line) {
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || first == 0 || first == last) return kBadRequestLine;
    head_.method = line.substr(0, first);
    const std::string_view version = line.substr(last + 1);
    head_.http_1_0 = version == "HTTP/1.0";
    head_.keep_alive = !head_.http_1_0;
    if (!all_of(head_.method, is_token_char) || (version != "HTTP/1.1" && !head_.http_1_0)) return kBadRequestLine;
    return target(line.substr(first + 1, last - first - 1));
  }

  std::optional<Refusal> target(std::string_view text) {
    if (text.empty() || !all_of(text, is_target_char)) return kBadTarget;
    text = text.substr(0, text.find('#'));
    if (text == "*" && head_.method == "OPTIONS") text = "/";
    if (text.substr(0, 7) == "http://") {  // the form for proxies, which every server has to take
      const std::size_t slash = text.find_first_of("/?", 7);
      text = slash == std::string_view::npos ? std::string_view("/") : text.substr(slash);
    }
    if (text.empty() || text[0] != '/') return kBadTarget;
    const std::size_t mark = text.find('?');
    head_.path = text.substr(0, mark);
    if (mark != std::string_view::npos) head_.query = text.substr(mark + 1);
    if (std::count(head_.query.begin(), head_.query.end(), '&') >= static_cast<std::ptrdiff_t>(kMaxQueryParts)) return kTooManyQueryParts;
    return std::nullopt;
  }

  std::optional<Refusal> header_line(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return kBadHeader;
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (!all_of(name, is_token_char) || !all_of(value, is_value_char)) return kBadHeader;
    head_.headers.emplace_back(name, value);
    return meaning(name, value);
  }

  std::optional<Refusal> meaning(std::string_view name, std::string_view value) {
    if (equal_ignoring_case(name, "Host")) {
      if (++hosts_ > 1) return kBadHost;
    } else if (equal_ignoring_case(name, "Content-Length")) {
      return content_length(value);
    } else if (equal_ignoring_case(name, "Transfer-Encoding")) {
      if (head_.chunked || head_.http_1_0 || !equal_ignoring_case(value, "chunked")) return kBadEncoding;
      head_.chunked = true;
    } else if (equal_ignoring_case(name, "Connection")) {
      if (list_has(value, "close")) asked_to_close_ = true;
      if (list_has(value, "keep-alive")) head_.keep_alive = true;
    } else if (equal_ignoring_case(name, "Expect")) {
      head_.expects_continue = !head_.http_1_0 && equal_ignoring_case(value, "100-continue");
    }
    return std::nullopt;
  }

  std::optional<Refusal> content_length(std::string_view value) {
    std::uint64_t length = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
    if (error != std::errc{} || end != value.data() + value.size() || head_.content_length) return kBadLength;
    head_.content_length = length;
    return std::nullopt;
  }

  std::optional<Refusal> whole() {
    if (head_.chunked && head_.content_length) return kTwoLengths;
    if (hosts_ == 0 && !head_.http_1_0) return kBadHost;
    if (asked_to_close_) head_.keep_alive = false;
    return std::nullopt;
  }

  RequestHead head_;
  int hosts_ = 0;
  bool asked_to_close_ = false;
};

}  // namespace

std::variant<RequestHead, Refusal> parse_head(std::string_view text) {
  HeadParser parser;
  if (auto wrong = parser.parse(text)) return *wrong;
  return parser.take();
}

}  // namespace parsimony::http
