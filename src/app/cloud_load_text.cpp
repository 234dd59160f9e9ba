#include "app/cloud_load_text.h"

#include <algorithm>
#include <string_view>

namespace parsimony {
namespace {

constexpr std::string_view kFrame = "\n    at ";

// "/project/cloud/main.js:2:9" of the first frame, "\n    at f (/project/cloud/main.js:2:9)"; empty when there is none.
std::string_view place_of(std::string_view frames) {
  if (frames.empty()) return {};
  std::string_view place = frames.substr(kFrame.size());
  place = place.substr(0, place.find('\n'));
  if (!place.ends_with(')')) return place;
  const std::size_t open = place.rfind('(');
  return open == std::string_view::npos ? place : place.substr(open + 1, place.size() - open - 2);
}

// The message and the frames; a stack of JavaScript holds both, one of a definition frames alone.
std::string all_of(const CloudLoadError& error) {
  if (error.stack.empty()) return error.message;
  return error.stack.find(error.message) == std::string::npos ? error.message + "\n" + error.stack : error.stack;
}

}  // namespace

std::string with_relative_paths(std::string text, const std::filesystem::path& folder) {
  if (folder.empty()) return text;
  const std::string prefix = folder.string() + "/";
  for (std::size_t at = 0; (at = text.find(prefix, at)) != std::string::npos;) text.erase(at, prefix.size());
  return text;
}

std::string text_of(const CloudLoadError& error, const std::filesystem::path& folder) {
  const std::string all = all_of(error);
  const std::size_t end = std::min(all.find(kFrame), all.size());
  const std::string_view frames = std::string_view(all).substr(end);
  const std::string_view place = place_of(frames);
  return with_relative_paths(std::string(place) + (place.empty() ? "" : ": ") + all.substr(0, end) + std::string(frames), folder);
}

}  // namespace parsimony
