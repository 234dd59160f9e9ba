#include "app/option_value.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

#include "app/option_error.h"
#include "common/byte_size.h"

namespace parsimony {
namespace {

constexpr std::size_t kLongestShownValue = 40;

std::string_view what_is_wanted(OptionType type) {
  switch (type) {
    case OptionType::integer: return "a whole number";
    case OptionType::number: return "a number";
    case OptionType::boolean: return "true or false";
    case OptionType::list: return "a list of texts";
    case OptionType::object: return "a JSON object or array";
    case OptionType::string:
    case OptionType::any: return "a text";
    case OptionType::path: return "a path";
  }
  return "";
}

[[noreturn]] void refuse(const OptionRow& row, const std::string& where, const std::string& found) {
  throw OptionError("option \"" + std::string(row.name) + "\" (" + where + ") must be " + std::string(what_is_wanted(row.type)) + ", not " +
                    found);
}

std::string shown(std::string_view text) {
  const bool is_long = text.size() > kLongestShownValue;
  return "\"" + std::string(text.substr(0, kLongestShownValue)) + (is_long ? "…\"" : "\"");
}

template <typename Number>
std::optional<Number> whole_text_as(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Json number_from_text(const OptionRow& row, std::string_view text, const std::string& where) {
  if (const auto whole = whole_text_as<std::int64_t>(text)) return *whole;
  const auto real = whole_text_as<double>(text);
  if (!real || !std::isfinite(*real) || row.type == OptionType::integer) refuse(row, where, shown(text));
  return *real;
}

Json boolean_from_text(const OptionRow& row, std::string_view text, const std::string& where) {
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  refuse(row, where, shown(text));
}

std::string trimmed(std::string_view text) {
  const auto is_space = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return std::string(text);
}

Json list_from_commas(std::string_view text) {
  Json list = Json::array();
  while (true) {
    const std::size_t comma = text.find(',');
    if (std::string item = trimmed(text.substr(0, comma)); !item.empty()) list.push_back(std::move(item));
    if (comma == std::string_view::npos) return list;
    text.remove_prefix(comma + 1);
  }
}

bool looks_like_json(std::string_view text) {
  const std::string start = trimmed(text.substr(0, text.find_first_of("{[") + 1));
  return start == "{" || start == "[";
}

Json json_from_text(const OptionRow& row, std::string_view text, const std::string& where) {
  try {
    return parse_json(text);
  } catch (const JsonSyntaxError& error) {
    throw OptionError("option \"" + std::string(row.name) + "\" (" + where + ") is not JSON at line " + std::to_string(error.line()) +
                      ", column " + std::to_string(error.column()) + ": " + error.what());
  }
}

bool is_list_of_texts(const Json& value) {
  return value.is_array() && std::all_of(value.begin(), value.end(), [](const Json& item) { return item.is_string(); });
}

bool is_whole(const Json& value) {
  return value.is_number_integer() || (value.is_number_float() && std::trunc(value.get<double>()) == value.get<double>());
}

bool has_type(const Json& value, OptionType type) {
  switch (type) {
    case OptionType::string:
    case OptionType::path: return value.is_string();
    case OptionType::integer: return is_whole(value);
    case OptionType::number: return value.is_number();
    case OptionType::boolean: return value.is_boolean();
    case OptionType::list: return is_list_of_texts(value);
    case OptionType::object: return value.is_structured();
    case OptionType::any: return true;
  }
  return false;
}

bool is_read_from_text(OptionType type) { return type != OptionType::string && type != OptionType::path && type != OptionType::any; }

std::string kind_of(const Json& value) { return value.is_structured() ? std::string("an ") + value.type_name() : value.type_name(); }

}  // namespace

Json option_value_from_text(const OptionRow& row, std::string_view text, const std::string& where) {
  switch (row.type) {
    case OptionType::string:
    case OptionType::path: return std::string(text);
    case OptionType::integer:
    case OptionType::number: return number_from_text(row, text, where);
    case OptionType::boolean: return boolean_from_text(row, text, where);
    case OptionType::list:
      return looks_like_json(text) ? option_value_from_json(row, json_from_text(row, text, where), where) : list_from_commas(text);
    case OptionType::object: return option_value_from_json(row, json_from_text(row, text, where), where);
    case OptionType::any: return looks_like_json(text) ? json_from_text(row, text, where) : Json(std::string(text));
  }
  return nullptr;
}

Json option_value_from_json(const OptionRow& row, const Json& value, const std::string& where) {
  if (value.is_string() && is_read_from_text(row.type)) return option_value_from_text(row, value.get_ref<const std::string&>(), where);
  if (!has_type(value, row.type)) refuse(row, where, kind_of(value));
  if (row.type == OptionType::integer && value.is_number_float()) {
    if (std::abs(value.get<double>()) >= 9e15) refuse(row, where, "a number that large");
    return static_cast<std::int64_t>(value.get<double>());
  }
  return value;
}

std::uint64_t bytes_from_text(const std::string& option, const std::string& text) {
  if (const auto bytes = read_byte_size(text)) return *bytes;
  throw OptionError("option \"" + option + "\" must be a size such as 500kb, 20mb or 1gb, not " + shown(text));
}

}  // namespace parsimony
