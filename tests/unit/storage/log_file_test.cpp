#include "storage/log_file.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "common/clock.h"

using namespace parsimony;

namespace {

namespace fs = std::filesystem;

class LogFolder {
 public:
  LogFolder() {
    std::string name = (fs::temp_directory_path() / "parsimony-log-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
  }
  ~LogFolder() { fs::remove_all(folder_); }
  LogFolder(const LogFolder&) = delete;
  LogFolder& operator=(const LogFolder&) = delete;

  fs::path file() const { return folder_ / "logs.db"; }

 private:
  fs::path folder_;
};

log::Line line(const std::string& message, log::Level level = log::Level::info, std::int64_t time_ms = 1'000'000) {
  return {time_ms, level, message, {}};
}

// The messages that the query finds, one after the other.
std::string found(LogFile& log, const LogQuery& query = {}) {
  std::string messages;
  log.read(query, [&](const LogEntry& entry) { messages += entry.line.message + " "; });
  return messages;
}

std::int64_t count(LogFile& log) {
  std::int64_t lines = 0;
  log.read({}, [&](const LogEntry&) { ++lines; });
  return lines;
}

}  // namespace

TEST_CASE("lines come back as they were") {
  const LogFolder folder;
  LogFile log = LogFile::open(folder.file());
  log.append({{123, log::Level::warn, "a \"b\"\n\xC3\xA4", {{"name", "value"}, {"other", ""}}}, line("second")}, {});
  std::vector<LogEntry> entries;
  log.read({}, [&](const LogEntry& entry) { entries.push_back(entry); });
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].line.message == "second");
  CHECK(entries[0].line.fields.empty());
  CHECK(entries[1].id < entries[0].id);
  CHECK(entries[1].line.time_ms == 123);
  CHECK(entries[1].line.level == log::Level::warn);
  CHECK(entries[1].line.message == "a \"b\"\n\xC3\xA4");
  CHECK(entries[1].line.fields == std::vector<std::pair<std::string, std::string>>{{"name", "value"}, {"other", ""}});
}

TEST_CASE("lines are found by level, time, text, number and place") {
  const LogFolder folder;
  LogFile log = LogFile::open(folder.file());
  log.append({line("one", log::Level::debug, 100),
              line("two", log::Level::info, 200),
              line("three", log::Level::error, 300),
              {400, log::Level::warn, "four", {{"function", "Sales_100%"}}}},
             {});
  CHECK(found(log) == "four three two one ");
  LogQuery query;
  SECTION("oldest first") {
    query.newest_first = false;
    query.limit = 2;
    CHECK(found(log, query) == "one two ");
  }
  SECTION("limit") {
    query.limit = 1;
    CHECK(found(log, query) == "four ");
    query.limit = 0;
    CHECK(found(log, query).empty());
  }
  SECTION("level") {
    query.lowest = log::Level::warn;
    CHECK(found(log, query) == "four three ");
    query.lowest = log::Level::error;
    CHECK(found(log, query) == "three ");
  }
  SECTION("time") {
    query.from_ms = 200;
    CHECK(found(log, query) == "four three two ");
    query.until_ms = 300;
    CHECK(found(log, query) == "three two ");
  }
  SECTION("text") {
    query.search = "THREE";
    CHECK(found(log, query) == "three ");
    query.search = "sales_";
    CHECK(found(log, query) == "four ");
    query.search = "100%";
    CHECK(found(log, query) == "four ");
    query.search = "o%e";
    CHECK(found(log, query).empty());
    query.search = "' OR 1=1 --";
    CHECK(found(log, query).empty());
  }
  SECTION("place") {
    log.read({}, [&](const LogEntry& entry) {
      if (entry.line.message == "two") query.after_id = entry.id;
    });
    CHECK(found(log, query) == "four three ");
  }
}

TEST_CASE("the log stays within its size, and the newest lines stay") {
  const LogFolder folder;
  LogFile log = LogFile::open(folder.file());
  LogLimits limits;
  limits.bytes = 256 * 1024;
  const std::string filler(900, 'x');
  for (int group = 0; group < 40; ++group) {
    std::vector<log::Line> lines;
    for (int i = 0; i < 50; ++i) lines.push_back(line(std::to_string(group * 50 + i) + filler));
    log.append(lines, limits);
  }
  CHECK(count(log) > 100);
  CHECK(count(log) < 300);
  LogQuery newest;
  newest.limit = 1;
  CHECK(found(log, newest).starts_with("1999x"));
  CHECK(fs::file_size(folder.file()) < 2 * limits.bytes);
}

TEST_CASE("old lines go") {
  const LogFolder folder;
  LogFile log = LogFile::open(folder.file());
  LogLimits limits;
  limits.age_ms = 60'000;
  const std::int64_t now = now_ms();
  log.append({line("old", log::Level::info, now - 61'000), line("young", log::Level::info, now - 30'000)}, limits);
  CHECK(found(log) == "young ");
}

TEST_CASE("one writes while others read") {
  const LogFolder folder;
  LogFile writer = LogFile::open(folder.file());
  writer.append({line("one")}, {});
  LogFile reader = LogFile::open_for_reading(folder.file());
  CHECK(found(reader) == "one ");
  const std::int64_t version = reader.version();
  CHECK(reader.version() == version);
  writer.append({line("two")}, {});
  CHECK(reader.version() != version);
  CHECK(found(reader) == "two one ");
  CHECK_THROWS_AS(reader.append({line("three")}, {}), std::runtime_error);
}

TEST_CASE("ids go on after the file was closed, and after everything went") {
  const LogFolder folder;
  std::int64_t last = 0;
  {
    LogFile log = LogFile::open(folder.file());
    log.append({line("one"), line("two")}, {});
    log.read({}, [&](const LogEntry& entry) { last = std::max(last, entry.id); });
  }
  LogFile log = LogFile::open(folder.file());
  CHECK(found(log) == "two one ");
  LogLimits nothing;
  nothing.age_ms = 0;
  log.append({}, nothing);
  CHECK(count(log) == 0);
  log.append({line("three")}, {});
  log.read({}, [&](const LogEntry& entry) { CHECK(entry.id > last); });
}

TEST_CASE("a damaged file is put aside") {
  const LogFolder folder;
  std::ofstream(folder.file()) << "this is no database, but long enough to be looked at as one, with more than a hundred bytes in its head";
  LogFile log = LogFile::open(folder.file());
  log.append({line("one")}, {});
  CHECK(found(log) == "one ");
  CHECK(fs::exists(folder.file().string() + ".damaged"));
}

TEST_CASE("a log that is not there cannot be read") {
  const LogFolder folder;
  CHECK_THROWS_AS(LogFile::open_for_reading(folder.file()), std::runtime_error);
  CHECK_FALSE(fs::exists(folder.file()));
}
