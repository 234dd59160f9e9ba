#include "cloud/host/message.h"

namespace parsimony {
namespace {

// The text between `before` and the next quote; removes both from `rest`.
std::string_view take(std::string_view& rest, std::string_view before) {
  if (rest.substr(0, before.size()) != before) return {};
  const std::size_t end = rest.find('"', before.size());
  if (end == std::string_view::npos) return {};
  const std::string_view found = rest.substr(before.size(), end - before.size());
  rest.remove_prefix(end + 1);
  return found;
}

}  // namespace

MessageHead head_of(std::string_view text) {
  MessageHead head;
  head.type = take(text, R"({"type":")");
  if (!head.type.empty()) head.id = take(text, R"(,"id":")");
  return head;
}

std::string rest_message(std::string_view id, int status, std::string_view body, const Json& headers) {
  std::string text = R"({"type":"rest","id":)";
  append_json_string(text, id);
  text += R"(,"status":)" + std::to_string(status) + R"(,"body":)";
  text += body;
  return text + R"(,"headers":)" + to_json_text(headers) + "}";
}

std::string refusal_message(std::string_view type, std::string_view id, int status, int code, const std::string& error) {
  if (type == "rest") return rest_message(id, status, to_json_text(Json{{"code", code}, {"error", error}}));
  return to_json_text(Json{{"type", type}, {"id", id}, {"error", error}});
}

}  // namespace parsimony
