#include "services/logs/log_entries.h"

#include <cstdio>

#include "common/clock.h"

namespace parsimony {
namespace {

constexpr std::size_t kLevelColumn = 6;

// A line break stays, and what follows it is set off.
std::string printable(std::string_view text) {
  std::string shown;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      shown += "\n    ";
    } else if (byte >= 0x20 && byte != 0x7f) {
      shown += c;
    } else if (c == '\t') {
      shown += "  ";
    } else {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\x%02x", byte);
      shown += escape;
    }
  }
  return shown;
}

}  // namespace

Json encode_log_line(const log::Line& line) {
  Json json = {{"level", log::name_of(line.level)}, {"message", line.message}, {"timestamp", iso_date(line.time_ms)}};
  for (const auto& [name, value] : line.fields) {
    if (!json.contains(name)) json[name] = value;
  }
  return json;
}

std::string text_of_log_line(const log::Line& line) {
  std::string level(log::name_of(line.level));
  level.resize(kLevelColumn, ' ');
  std::string text = iso_date(line.time_ms) + " " + level + printable(line.message);
  for (const auto& [name, value] : line.fields) text += " " + name + "=" + to_json_text(Json(value));
  return text;
}

}  // namespace parsimony
