#include "services/cloud/call_log.h"

#include <algorithm>
#include <string_view>

namespace parsimony {
namespace {

constexpr std::string_view kSecretWords[] = {"password", "token", "secret", "authdata", "masterkey", "apikey"};
constexpr std::size_t kMaxShownBytes = 1000;  // of what goes in and of what comes out
constexpr std::string_view kMask = "\"********\"";

bool is_secret(std::string_view name) {
  std::string lower;
  for (const char c : name) {
    if (c != '_' && c != '-') lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return std::any_of(std::begin(kSecretWords), std::end(kSecretWords),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

// Ends early, in the middle of a value, when the text is long enough.
void append_masked(std::string& text, const Json& value, std::size_t max_bytes) {
  if (text.size() >= max_bytes) return;
  if (!value.is_structured()) {
    const bool is_long = value.is_string() && value.get_ref<const std::string&>().size() > max_bytes;
    return is_long ? append_json_string(text, std::string_view(value.get_ref<const std::string&>()).substr(0, max_bytes))
                   : append_json(text, value);
  }
  const bool is_object = value.is_object();
  text += is_object ? '{' : '[';
  bool is_first = true;
  for (const auto& [name, member] : value.items()) {
    if (text.size() >= max_bytes) return;
    if (!is_first) text += ',';
    is_first = false;
    if (is_object) append_json_string(text, name);
    if (is_object) text += ':';
    is_object&& is_secret(name) ? void(text += kMask) : append_masked(text, member, max_bytes);
  }
  text += is_object ? '}' : ']';
}

std::string shown(const Json& value) {
  std::string text = masked_text(value, kMaxShownBytes + 1);
  if (text.size() <= kMaxShownBytes) return text;
  std::size_t end = kMaxShownBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

std::string shown(const Caller& caller) { return caller.has_user() ? caller.user_id : caller.is_master ? "master" : "anonymous"; }

log::Level level_of(const CallLogLevels& levels, const CloudCall& call, bool failed) {
  if (call.kind != CloudKind::Trigger) return failed ? levels.function_error : levels.function_success;
  if (call.name.starts_with("after")) return failed ? log::Level::error : levels.trigger_after;
  return failed ? levels.trigger_before_error : levels.trigger_before_success;
}

std::string begin_of(const CloudCall& call, const Caller& caller, bool failed) {
  const std::string user = " for user " + shown(caller);
  if (call.kind != CloudKind::Trigger) {
    const std::string what = call.kind == CloudKind::Job ? "job " : "cloud function ";
    return (failed ? "Failed running " : "Ran ") + what + call.name + user;
  }
  return call.name + (failed ? " failed for " : " triggered for ") + call.class_name + user;
}

// What the code gave back, where it says something about the code: a function's result, the object that a beforeSave saves.
const Json* outcome(const CloudCall& call, const Json& answer) {
  if (call.kind != CloudKind::Trigger) return find_member(answer, "result");
  return call.name == "beforeSave" ? find_member(answer, "update") : nullptr;
}

}  // namespace

std::string masked_text(const Json& value, std::size_t max_bytes) {
  std::string text;
  append_masked(text, value, max_bytes);
  return text;
}

void log_call(const CallLogLevels& levels, const CloudCall& call, const Caller& caller, const Json& input, const Json* answer,
              const Error* error) {
  const log::Level level = level_of(levels, call, error != nullptr);
  if (level == log::Level::off || !log::is_wanted(level)) return;
  std::string message = begin_of(call, caller, error != nullptr) + ": input " + shown(input);
  const Json* result = answer ? outcome(call, *answer) : nullptr;
  if (result) message += ", result " + shown(*result);
  if (error) message += ", error " + shown(Json(error->message()));
  if (error && !error->cause().empty()) message += ", stack " + shown(Json(error->cause()));
  const std::string user = shown(caller);
  if (call.kind == CloudKind::Trigger) {
    log::write(level, message, {{"className", call.class_name}, {"triggerType", call.name}, {"user", user}});
  } else {
    log::write(level, message, {{call.kind == CloudKind::Job ? "jobName" : "functionName", call.name}, {"user", user}});
  }
}

}  // namespace parsimony
