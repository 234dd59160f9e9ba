// The process's own log: one line an event, on stderr, and kept by a sink when there is one.
//
// Thread-safe. Never pass a key, a password, a session token or a request body.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parsimony::log {

enum class Level { debug, info, warn, error, off };
enum class Format { text, json };

// A name and a value that go with the message, for example {"requestId", id}.
using Field = std::pair<std::string_view, std::string>;
using Fields = std::initializer_list<Field>;

// What is printed. Call once, before other threads run.
void configure(Level lowest, Format format);

// A line for a sink. Its message and values are cut after kMaxKeptCharacters.
inline constexpr std::size_t kMaxKeptCharacters = 4000;
struct Line {
  std::int64_t time_ms = 0;
  Level level = Level::info;
  std::string message;
  std::vector<std::pair<std::string, std::string>> fields;
};

class Sink {
 public:
  virtual ~Sink() = default;
  // Called on any thread, by one at a time. Must neither wait nor log.
  virtual void take(Line line) = 0;
};

// Lines from `lowest` on go to the sink as well, whatever is printed; null: to none. The first one gets what was logged at the start, too.
// When this returns, nobody is within the sink that was there before.
void set_sink(Sink* sink, Level lowest = Level::info);

// "debug", "verbose" and "silly" are debug, as Parse Server's levels go; an unknown name is info.
Level level_from_name(std::string_view name);
std::string_view name_of(Level level);

// Whether a line of that level would go anywhere; for those that are dear to make.
bool is_wanted(Level level);
void write(Level level, std::string_view message, Fields fields = {});
inline void debug(std::string_view message, Fields fields = {}) { write(Level::debug, message, fields); }
inline void info(std::string_view message, Fields fields = {}) { write(Level::info, message, fields); }
inline void warn(std::string_view message, Fields fields = {}) { write(Level::warn, message, fields); }
inline void error(std::string_view message, Fields fields = {}) { write(Level::error, message, fields); }

}  // namespace parsimony::log
