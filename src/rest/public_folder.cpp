#include "rest/public_folder.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "common/percent_encoding.h"
#include "rest/stored_file_answer.h"
#include "services/files/local_file.h"

namespace parsimony {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kIndex = "index.html";
constexpr std::string_view kWellKnown = ".well-known";  // RFC 8615

bool is_served_name(std::string_view name) { return name == kWellKnown || !name.starts_with('.'); }

// The path below the root; nothing for one with a part that is not served.
std::optional<fs::path> relative_path(std::string_view path) {
  if (path.find('\0') != std::string_view::npos) return std::nullopt;
  fs::path relative;
  while (!path.empty()) {
    const std::string_view name = path.substr(0, path.find('/'));
    if (!is_served_name(name)) return std::nullopt;
    if (!name.empty()) relative /= name;
    path.remove_prefix(std::min(name.size() + 1, path.size()));
  }
  return relative;
}

// Without symbolic links; nothing when it is not there, or not below the root.
std::optional<fs::path> resolve(const fs::path& root, const fs::path& relative) {
  std::error_code error;
  const fs::path inside = fs::canonical(root, error);
  if (error) return std::nullopt;
  fs::path found = fs::canonical(inside / relative, error);
  if (error) return std::nullopt;
  const auto [end, ignored] = std::mismatch(inside.begin(), inside.end(), found.begin(), found.end());
  return end == inside.end() ? std::optional(std::move(found)) : std::nullopt;
}

http::Response redirect_to_folder(const std::string& path) {
  http::Response response;
  response.status = 301;
  response.content_type = "text/plain; charset=utf-8";
  const std::size_t last_slash_of_start = path.find_first_not_of('/') - 1;  // "//host" would lead to another site
  response.set_header("Location", percent_encoded(path.substr(last_slash_of_start), "/") + "/");
  return response;
}

}  // namespace

std::optional<http::Response> PublicFolder::answer(const http::Request& request) const {
  if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
  const auto relative = relative_path(request.path);
  if (!relative) return std::nullopt;
  auto found = resolve(root_, *relative);
  if (!found) return std::nullopt;
  std::error_code error;
  if (fs::is_directory(*found, error)) {
    const bool has_index = fs::is_regular_file(*found / kIndex, error);
    if (has_index && !request.path.ends_with('/')) return redirect_to_folder(request.path);
    found = resolve(root_, *relative / kIndex);
    if (!found) return std::nullopt;
  } else if (request.path.ends_with('/')) {
    return std::nullopt;
  }
  auto file = open_local_file(*found);
  if (!file) return std::nullopt;
  http::Response response = stored_file_answer(request, std::move(file), found->filename().string());
  response.set_header("Cache-Control", "no-cache");  // asked for anew, by its entity tag
  return response;
}

}  // namespace parsimony
