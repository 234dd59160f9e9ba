#include "common/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <cstdio>
#include <mutex>

#include "common/clock.h"

namespace parsimony::log {
namespace {

Format log_format = Format::text;  // written once by configure(), before other threads run

spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> instance = [] {
    auto made = std::make_shared<spdlog::logger>("parsimony", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    made->flush_on(spdlog::level::debug);
    return made;
  }();
  return *instance;
}

spdlog::level::level_enum spdlog_level(Level level) {
  constexpr spdlog::level::level_enum kLevels[] = {spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err,
                                                   spdlog::level::off};
  return kLevels[static_cast<int>(level)];
}

// Control characters are escaped in both formats, so that no value can forge a line.
void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      out += escape;
    } else {
      out += c;
    }
  }
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  append_escaped(out, text);
  out += '"';
}

std::string json_line(Level level, std::string_view message, Fields fields) {
  std::string line = "{\"time\":\"" + now_iso() + "\",\"level\":\"";
  line += name_of(level);
  line += "\",\"message\":";
  append_quoted(line, message);
  for (const auto& [name, value] : fields) {
    line += ',';
    append_quoted(line, name);
    line += ':';
    append_quoted(line, value);
  }
  return line + '}';
}

std::string text_line(Level level, std::string_view message, Fields fields) {
  std::string line;
  if (level != Level::info) {
    line += name_of(level);
    line += ": ";
  }
  line += message;
  for (const auto& [name, value] : fields) {
    line += ' ';
    line += name;
    line += '=';
    append_quoted(line, value);
  }
  return line;
}

std::string cut(std::string_view text) {
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins_character = (static_cast<unsigned char>(text[i]) & 0xc0) != 0x80;
    if (begins_character && ++characters > kMaxKeptCharacters) return std::string(text.substr(0, i)) + "...";
  }
  return std::string(text);
}

constexpr std::size_t kMaxEarlyLines = 64;

// Where lines are kept. Before the first sink comes, the first lines wait here.
class Keeping {
 public:
  bool wants(Level level) const { return level >= lowest_.load(std::memory_order_relaxed); }

  void take(Line line) {
    const std::lock_guard lock(mutex_);
    if (sink_) {
      sink_->take(std::move(line));
    } else if (!had_sink_ && early_.size() < kMaxEarlyLines) {
      early_.push_back(std::move(line));
    }
  }

  void set(Sink* sink, Level lowest) {
    const std::lock_guard lock(mutex_);
    sink_ = sink;
    lowest_ = sink ? lowest : Level::off;
    if (!sink) return;
    had_sink_ = true;
    for (Line& line : early_) {
      if (line.level >= lowest) sink->take(std::move(line));
    }
    early_.clear();
  }

 private:
  std::mutex mutex_;
  std::atomic<Level> lowest_{Level::info};
  Sink* sink_ = nullptr;     // under mutex_
  bool had_sink_ = false;    // under mutex_
  std::vector<Line> early_;  // under mutex_
};

Keeping& keeping() {
  static Keeping instance;
  return instance;
}

Line kept_line(Level level, std::string_view message, Fields fields) {
  Line line{now_ms(), level, cut(message), {}};
  for (const auto& [name, value] : fields) line.fields.emplace_back(name, cut(value));
  return line;
}

}  // namespace

void configure(Level lowest, Format format) {
  log_format = format;
  logger().set_level(spdlog_level(lowest));
}

Level level_from_name(std::string_view name) {
  if (name == "error") return Level::error;
  if (name == "warn") return Level::warn;
  if (name == "debug" || name == "verbose" || name == "silly") return Level::debug;
  return Level::info;
}

std::string_view name_of(Level level) {
  constexpr std::string_view kNames[] = {"debug", "info", "warn", "error", "off"};
  return kNames[static_cast<int>(level)];
}

void set_sink(Sink* sink, Level lowest) { keeping().set(sink, lowest); }

bool is_wanted(Level level) { return keeping().wants(level) || logger().should_log(spdlog_level(level)); }

void write(Level level, std::string_view message, Fields fields) {
  if (keeping().wants(level)) keeping().take(kept_line(level, message, fields));
  if (!logger().should_log(spdlog_level(level))) return;
  const std::string line = log_format == Format::json ? json_line(level, message, fields) : text_line(level, message, fields);
  logger().log(spdlog_level(level), "{}", line);
}

}  // namespace parsimony::log
