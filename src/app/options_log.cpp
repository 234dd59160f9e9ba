#include "app/options_log.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "app/option_error.h"
#include "app/option_table.h"
#include "app/option_value.h"

namespace parsimony {
namespace {

using Values = std::function<Json(const char*)>;

constexpr std::uint64_t kLeastLogBytes = 256 * 1024;
constexpr std::int64_t kDayMs = 24LL * 60 * 60 * 1000;
constexpr std::int64_t kMostDays = 36'500;

std::string text_of(const Json& value) { return value.is_string() ? value.get<std::string>() : std::string(); }

struct NamedLevel {
  const char* name;
  log::Level level;
};
constexpr NamedLevel kLevels[] = {{"error", log::Level::error},   {"warn", log::Level::warn},   {"info", log::Level::info},
                                  {"verbose", log::Level::debug}, {"debug", log::Level::debug}, {"silly", log::Level::debug}};

log::Level level_named(const std::string& option, const std::string& name) {
  std::vector<std::string> known;
  for (const NamedLevel& each : kLevels) {
    if (name == each.name) return each.level;
    known.emplace_back(each.name);
  }
  throw OptionError("option \"" + option + "\" has the unknown value \"" + name + "\"; the nearest known one is \"" + nearest(name, known) +
                    "\"");
}

log::Level level_of_log(const Values& value) {
  if (value("verbose") == Json(true)) return log::Level::debug;
  const std::string name = text_of(value("logLevel"));
  return name.empty() ? log::Level::info : level_named("logLevel", name);
}

log::Format format_of_log(const Values& value) {
  const std::string name = text_of(value("logFormat"));
  if (name == "json" || value("jsonLogs") == Json(true)) return log::Format::json;
  if (name == "text") return log::Format::text;
  throw OptionError("option \"logFormat\" has the unknown value \"" + name + "\"; the nearest known one is \"" +
                    nearest(name, std::vector<std::string>{"text", "json"}) + "\"");
}

// A level, or "silent".
log::Level level_of_calls(const Values& value, const char* option) {
  const std::string name = text_of(value(option));
  return name == "silent" ? log::Level::off : level_named(option, name);
}

// Parse Server starts a file a day and keeps so many of them, or so many days of them.
std::optional<std::int64_t> days_of_log(const Json& value) {
  if (value.is_null() || value == Json("")) return std::nullopt;
  std::string text = value.is_string() ? value.get<std::string>() : to_json_text(value);
  if (text.ends_with('d')) text.pop_back();
  std::int64_t days = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), days);
  const bool is_days = error == std::errc() && end == text.data() + text.size() && days >= 1 && days <= kMostDays;
  if (!is_days) throw OptionError("option \"maxLogFiles\" must be a number of days, for example 14 or 14d");
  return days;
}

LogLimits limits_of_log(const Values& value) {
  LogLimits limits;
  limits.bytes = std::max(kLeastLogBytes, bytes_from_text("maxLogSize", text_of(value("maxLogSize"))));
  if (const auto days = days_of_log(value("maxLogFiles"))) limits.age_ms = *days * kDayMs;
  return limits;
}

}  // namespace

LogSettings read_log_settings(const Values& value, const std::function<bool(const char*)>& is_set) {
  LogSettings settings;
  settings.level = level_of_log(value);
  settings.printed = value("silent") == Json(true) ? log::Level::off : settings.level;
  settings.format = format_of_log(value);
  const std::string folder = text_of(value("logsFolder"));
  if (is_set("logsFolder") && !folder.empty()) settings.folder = folder;
  settings.limits = limits_of_log(value);
  settings.calls.function_success = level_of_calls(value, "logLevels.cloudFunctionSuccess");
  settings.calls.function_error = level_of_calls(value, "logLevels.cloudFunctionError");
  settings.calls.trigger_after = level_of_calls(value, "logLevels.triggerAfter");
  settings.calls.trigger_before_success = level_of_calls(value, "logLevels.triggerBeforeSuccess");
  settings.calls.trigger_before_error = level_of_calls(value, "logLevels.triggerBeforeError");
  settings.calls.username_taken = level_of_calls(value, "logLevels.signupUsernameTaken");
  return settings;
}

}  // namespace parsimony
