// The process's own log: one line an event, on stderr.
//
// Thread-safe. Never pass a key, a password, a session token or a request body.
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace parsimony::log {

enum class Level { debug, info, warn, error, off };
enum class Format { text, json };

// A name and a value that go with the message, for example {"requestId", id}.
using Field = std::pair<std::string_view, std::string>;
using Fields = std::initializer_list<Field>;

// Call once, before other threads run.
void configure(Level lowest, Format format);
// "debug", "verbose" and "silly" are debug, as Parse Server's levels go; an unknown name is info.
Level level_from_name(std::string_view name);

void write(Level level, std::string_view message, Fields fields = {});
inline void debug(std::string_view message, Fields fields = {}) { write(Level::debug, message, fields); }
inline void info(std::string_view message, Fields fields = {}) { write(Level::info, message, fields); }
inline void warn(std::string_view message, Fields fields = {}) { write(Level::warn, message, fields); }
inline void error(std::string_view message, Fields fields = {}) { write(Level::error, message, fields); }

}  // namespace parsimony::log
