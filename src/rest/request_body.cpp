#include "rest/request_body.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "common/error.h"
#include "rest/bracket_query.h"

namespace parsimony {
namespace {

bool has_content_type(const http::Request& request, std::string_view type) {
  const auto given = request.header("Content-Type");
  return given && given->size() >= type.size() && http::equal_ignoring_case(given->substr(0, type.size()), type);
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decode_form_text(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0;
    if (is_escape) {
      decoded += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

constexpr std::size_t kMaxFormFields = 1000;

Json read_form(std::string_view form) {
  Json body = Json::object();
  while (!form.empty()) {
    const std::string_view pair = form.substr(0, form.find('&'));
    form.remove_prefix(std::min(form.size(), pair.size() + 1));
    if (pair.empty()) continue;
    if (body.size() == kMaxFormFields) throw Error::bad_body("too many form fields");
    const std::size_t equals = pair.find('=');
    const std::string_view value = equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
    body[decode_form_text(pair.substr(0, equals))] = decode_form_text(value);
  }
  return body;
}

std::string_view without_leading_space(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  return text;
}

bool looks_like_json(std::string_view text) {
  text = without_leading_space(text);
  return !text.empty() && (text.front() == '{' || text.front() == '[');
}

Json read_json(std::string_view text) {
  try {
    return parse_json(text);
  } catch (const JsonSyntaxError& error) {
    throw Error::bad_body("The body is not JSON: " + std::string(error.what()) + " at line " + std::to_string(error.line()) + ", column " +
                          std::to_string(error.column()));
  }
}

// Only texts that can begin a JSON value are tried.
bool may_be_json(std::string_view text) { return !text.empty() && (text.find_first_of("{[\"-0123456789tfn") == 0); }

Json read_query_value(const std::string& text) {
  if (!may_be_json(text)) return text;
  try {
    return parse_json(text);
  } catch (const JsonSyntaxError&) {
    return text;
  }
}

}  // namespace

Json read_body(const http::Request& request) {
  if (has_content_type(request, "multipart/form-data")) return Json::object();
  const bool is_form = has_content_type(request, "application/x-www-form-urlencoded");
  if (is_form && !looks_like_json(request.body)) return read_form(request.body);
  if (without_leading_space(request.body).empty()) return Json::object();
  Json body = read_json(request.body);
  if (!body.is_object() && !body.is_array()) throw Error::bad_body("The body must be a JSON object");
  return body;
}

Json read_query(const http::Request& request) {
  std::vector<std::pair<std::string, Json>> parameters;
  for (const auto& [name, value] : request.query) parameters.emplace_back(name, read_query_value(value));
  return read_bracket_query(std::move(parameters));
}

Json read_query_texts(const http::Request& request) {
  std::vector<std::pair<std::string, Json>> parameters;
  for (const auto& [name, value] : request.query) parameters.emplace_back(name, value);
  return read_bracket_query(std::move(parameters));
}

void refuse_denied_keywords(const Json& body, const RestSettings& settings) { refuse_denied_keywords(body, settings.denied_keywords); }

}  // namespace parsimony
