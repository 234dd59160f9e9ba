#include "common/log.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace parsimony::log {
namespace {

class Collector final : public Sink {
 public:
  void take(Line line) override { lines.push_back(std::move(line)); }

  std::string messages() const {
    std::string text;
    for (const Line& line : lines) text += line.message + " ";
    return text;
  }

  std::vector<Line> lines;
};

// The one sink of this process while it lives; nothing is printed.
class Kept {
 public:
  explicit Kept(Level lowest) {
    configure(Level::off, Format::text);
    set_sink(&collector, lowest);
    collector.lines.clear();  // what was logged before
  }
  ~Kept() { set_sink(nullptr); }

  Collector collector;
};

TEST_CASE("a sink gets lines from its level on, whatever is printed") {
  Kept kept(Level::info);
  debug("one");
  info("two", {{"name", "value"}});
  error("three");
  CHECK(kept.collector.messages() == "two three ");
  CHECK(kept.collector.lines[0].fields == std::vector<std::pair<std::string, std::string>>{{"name", "value"}});
  CHECK(kept.collector.lines[0].time_ms > 1'600'000'000'000);
  CHECK(kept.collector.lines[1].level == Level::error);
  CHECK(is_wanted(Level::info));
  CHECK_FALSE(is_wanted(Level::debug));
}

TEST_CASE("without a sink nothing is wanted but what is printed") {
  { Kept kept(Level::debug); }
  configure(Level::error, Format::text);
  CHECK(is_wanted(Level::error));
  CHECK_FALSE(is_wanted(Level::warn));
  configure(Level::off, Format::text);
  CHECK_FALSE(is_wanted(Level::error));
}

TEST_CASE("long lines are cut between characters") {
  Kept kept(Level::info);
  std::string long_text;
  for (std::size_t i = 0; i < kMaxKeptCharacters + 1; ++i) long_text += "\xC3\xBC";
  info(long_text, {{"long", long_text}});
  info(long_text.substr(2));
  const Line& line = kept.collector.lines[0];
  CHECK(line.message.size() == 2 * kMaxKeptCharacters + 3);
  CHECK(line.message.ends_with("\xC3\xBC..."));
  CHECK(line.fields[0].second == line.message);
  CHECK(kept.collector.lines[1].message == long_text.substr(2));
}

TEST_CASE("names of levels") {
  for (const Level level : {Level::debug, Level::info, Level::warn, Level::error}) CHECK(level_from_name(name_of(level)) == level);
  CHECK(level_from_name("verbose") == Level::debug);
}

}  // namespace
}  // namespace parsimony::log
