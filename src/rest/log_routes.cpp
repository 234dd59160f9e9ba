#include "rest/log_routes.h"

#include <algorithm>
#include <optional>
#include <string>

#include "common/clock.h"
#include "http/message.h"
#include "services/logs/log_entries.h"
#include "types/date.h"

namespace parsimony::log_routes {
namespace {

constexpr std::int64_t kDefaultLines = 10;
constexpr std::int64_t kMostLines = 1000;
constexpr std::int64_t kDefaultTimeMs = 7LL * 24 * 60 * 60 * 1000;
constexpr std::size_t kMaxSearchBytes = 1000;

// As in Parse Server, what cannot be read counts as missing.
std::optional<std::int64_t> time_of(const Json& parameters, const char* name) {
  const Json* value = find_member(parameters, name);
  if (!value) return std::nullopt;
  const auto date = decode_date(*value);
  return date ? parse_iso_date(*date) : std::nullopt;
}

std::int64_t lines_of(const Json& parameters) {
  for (const char* name : {"n", "size"}) {
    const Json* value = find_member(parameters, name);
    if (value && value->is_number() && *value >= 1) return static_cast<std::int64_t>(std::min<double>(value->get<double>(), kMostLines));
  }
  return kDefaultLines;
}

// Parse Server knows two logs: that of errors, and that of everything.
log::Level lowest_of(const Json& parameters) {
  const std::string* level = find_string(parameters, "level");
  if (level && *level == "error") return log::Level::error;
  if (level && *level == "warn") return log::Level::warn;
  return log::Level::debug;
}

// As it was sent: a number or a word in quotes is text, too.
std::string search_of(const ApiRequest& request) {
  if (!request.http) return {};
  for (const auto& [name, text] : request.http->query) {
    if (name != "search") continue;
    if (text.size() > kMaxSearchBytes) throw Error(error_code::kInvalidQuery, "The text to search for is too long.");
    return text;
  }
  return {};
}

}  // namespace

ApiResponse read(const RestContext& context, const ApiRequest& request) {
  LogQuery query;
  query.lowest = lowest_of(request.query);
  query.from_ms = time_of(request.query, "from").value_or(now_ms() - kDefaultTimeMs);
  query.until_ms = time_of(request.query, "until");
  query.search = search_of(request);
  query.limit = lines_of(request.query);
  const std::string* order = find_string(request.query, "order");
  query.newest_first = !order || *order != "asc";
  Json list = Json::array();
  if (const LogKeeper* logs = context.services.logs) {
    for (const LogEntry& entry : logs->read(query)) list.push_back(encode_log_line(entry.line));
  }
  return json_response(list);
}

}  // namespace parsimony::log_routes
