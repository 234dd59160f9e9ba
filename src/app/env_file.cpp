#include "app/env_file.h"

#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <string>
#include <string_view>

#include "app/option_error.h"

namespace parsimony {
namespace {

void require_private(const std::filesystem::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) throw OptionError("option \"cloudEnvFile\": there is no file " + file.string());
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) == 0) return;
  throw OptionError(file.string() + " holds secrets, but others may read it; run: chmod 600 " + file.string());
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

bool is_name(std::string_view text) {
  const auto is_letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
  return !text.empty() && !std::isdigit(static_cast<unsigned char>(text.front())) && std::all_of(text.begin(), text.end(), is_letter);
}

std::string unescaped(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escapes = text[i] == '\\' && i + 1 < text.size();
    if (escapes) ++i;
    result += escapes && text[i] == 'n' ? '\n' : text[i];
  }
  return result;
}

std::string value_of(std::string_view text) {
  const bool is_quoted = text.size() >= 2 && text.front() == text.back() && (text.front() == '"' || text.front() == '\'');
  if (!is_quoted) return std::string(text);
  const std::string_view inner = text.substr(1, text.size() - 2);
  return text.front() == '"' ? unescaped(inner) : std::string(inner);
}

}  // namespace

Json read_env_file(const std::filesystem::path& file) {
  require_private(file);
  std::ifstream in(file);
  if (!in) throw OptionError("cannot read " + file.string());
  Json variables = Json::object();
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    std::string_view text = trimmed(line);
    if (text.empty() || text.front() == '#') continue;
    if (text.starts_with("export ")) text = trimmed(text.substr(7));
    const auto equals = text.find('=');
    const std::string_view name = trimmed(text.substr(0, equals));
    if (equals == std::string_view::npos || !is_name(name))
      throw OptionError(file.string() + ":" + std::to_string(number) + ": expected NAME=value");
    variables[std::string(name)] = value_of(trimmed(text.substr(equals + 1)));
  }
  return variables;
}

}  // namespace parsimony
