// Cron text: what it matches, and what is none.
#include "services/jobs/cron.h"

#include <catch2/catch.hpp>

#include "common/clock.h"
#include "types/date.h"

namespace parsimony {
namespace {

LocalMinute at(const std::string& text) { return LocalMinute(std::chrono::minutes(parse_iso_date(text + "Z").value() / 60'000)); }

std::string shown(LocalMinute time) { return iso_date(time.time_since_epoch().count() * 60'000).substr(0, 16); }

// The first times behind `from`, short.
std::string times(const char* text, const std::string& from, int count) {
  const Cron cron(text);
  std::string found;
  LocalMinute time = at(from);
  for (int i = 0; i < count; ++i) {
    time = cron.first_from(time);
    found += (i > 0 ? " " : "") + shown(time);
    time += std::chrono::minutes(1);
  }
  return found;
}

struct Row {
  const char* text;
  const char* from;
  const char* times;
};

TEST_CASE("the times of cron text") {
  const Row kRows[] = {
      {"* * * * *", "2024-05-01T10:07", "2024-05-01T10:07 2024-05-01T10:08 2024-05-01T10:09"},
      {"5 * * * *", "2024-05-01T10:07", "2024-05-01T11:05 2024-05-01T12:05 2024-05-01T13:05"},
      {"*/15 * * * *", "2024-05-01T23:40", "2024-05-01T23:45 2024-05-02T00:00 2024-05-02T00:15"},
      {"20/20 * * * *", "2024-05-01T10:00", "2024-05-01T10:20 2024-05-01T10:40 2024-05-01T11:20"},
      {"*/7 * * * *", "2024-05-01T10:50", "2024-05-01T10:56 2024-05-01T11:00 2024-05-01T11:07"},
      {"0 9-17/4 * * *", "2024-05-01T10:00", "2024-05-01T13:00 2024-05-01T17:00 2024-05-02T09:00"},
      {"0,30 8,20 * * *", "2024-05-01T08:01", "2024-05-01T08:30 2024-05-01T20:00 2024-05-01T20:30"},
      {"0 9 * * 1-5", "2024-05-03T09:01", "2024-05-06T09:00 2024-05-07T09:00 2024-05-08T09:00"},
      {"0 9 * * mon,FRI", "2024-05-03T09:01", "2024-05-06T09:00 2024-05-10T09:00 2024-05-13T09:00"},
      {"0 0 * * 7", "2024-05-01T00:00", "2024-05-05T00:00 2024-05-12T00:00 2024-05-19T00:00"},
      {"0 0 * * 0", "2024-05-01T00:00", "2024-05-05T00:00 2024-05-12T00:00 2024-05-19T00:00"},
      {"0 0 * * 5-7", "2024-05-01T00:00", "2024-05-03T00:00 2024-05-04T00:00 2024-05-05T00:00"},
      {"0 0 31 * *", "2024-01-31T00:01", "2024-03-31T00:00 2024-05-31T00:00 2024-07-31T00:00"},
      {"0 0 30 * *", "2023-01-31T00:00", "2023-03-30T00:00 2023-04-30T00:00 2023-05-30T00:00"},
      {"0 0 29 2 *", "2024-03-01T00:00", "2028-02-29T00:00 2032-02-29T00:00 2036-02-29T00:00"},
      {"0 0 29 2 *", "2096-03-01T00:00", "2104-02-29T00:00 2108-02-29T00:00 2112-02-29T00:00"},
      {"0 0 29 2 */7", "2024-01-01T00:00", "2032-02-29T00:00 2060-02-29T00:00 2088-02-29T00:00"},
      {"0 12 1 JAN,jul *", "2024-05-01T00:00", "2024-07-01T12:00 2025-01-01T12:00 2025-07-01T12:00"},
      {"59 23 31 12 *", "2024-12-31T23:59", "2024-12-31T23:59 2025-12-31T23:59 2026-12-31T23:59"},
      // Either day, as cron has it; both where one of the fields begins with "*".
      {"0 0 13 * 5", "2024-05-01T00:00", "2024-05-03T00:00 2024-05-10T00:00 2024-05-13T00:00"},
      {"0 0 */10 * 1", "2024-05-01T00:00", "2024-07-01T00:00 2024-10-21T00:00 2024-11-11T00:00"},
      {"@hourly", "2024-05-01T10:07", "2024-05-01T11:00 2024-05-01T12:00 2024-05-01T13:00"},
      {"@daily", "2024-05-01T10:07", "2024-05-02T00:00 2024-05-03T00:00 2024-05-04T00:00"},
      {"@Midnight", "2024-05-01T10:07", "2024-05-02T00:00 2024-05-03T00:00 2024-05-04T00:00"},
      {"@weekly", "2024-05-01T10:07", "2024-05-05T00:00 2024-05-12T00:00 2024-05-19T00:00"},
      {"@monthly", "2024-05-01T10:07", "2024-06-01T00:00 2024-07-01T00:00 2024-08-01T00:00"},
      {"@yearly", "2024-05-01T10:07", "2025-01-01T00:00 2026-01-01T00:00 2027-01-01T00:00"},
      {"  0\t9  *  * 1 ", "2024-05-01T10:07", "2024-05-06T09:00 2024-05-13T09:00 2024-05-20T09:00"},
  };
  for (const Row& row : kRows) {
    CAPTURE(row.text, row.from);
    CHECK(times(row.text, row.from, 3) == row.times);
  }
}

TEST_CASE("what is no cron text") {
  const char* const kTexts[] = {"",
                                "* * * *",
                                "* * * * * *",
                                "60 * * * *",
                                "* 24 * * *",
                                "* * 0 * *",
                                "* * 32 * *",
                                "* * * 0 *",
                                "* * * 13 *",
                                "* * * * 8",
                                "a * * * *",
                                "*/0 * * * *",
                                "*/ * * * *",
                                "5- * * * *",
                                "-5 * * * *",
                                "9-5 * * * *",
                                "1,,2 * * * *",
                                "1, * * * *",
                                "* * * foo *",
                                "* * mon * *",
                                "*5 * * * *",
                                "1.5 * * * *",
                                "* * L * *",
                                "* * * * 1#2",
                                "@reboot",
                                "@",
                                "@daily *",
                                "0 0 30 2 *",
                                "0 0 31 4,6,9,11 *",
                                "0 0 31 2 */7",
                                "99999999999 * * * *",
                                "1-2-3 * * * *"};
  for (const char* text : kTexts) {
    CAPTURE(text);
    CHECK_THROWS_AS(Cron(text), CronError);
  }
  CHECK_THROWS_WITH(Cron("61 * * * *"), Catch::Contains("\"61\" is no minute"));
  CHECK_THROWS_WITH(Cron("0 0 * * mo"), Catch::Contains("day of the week") && Catch::Contains("mon"));
  CHECK_THROWS_WITH(Cron(std::string(300, '*')), Catch::Contains("256"));
  CHECK_NOTHROW(Cron("0 0 30 2 1"));
}

TEST_CASE("cron text of every hour means minutes that pass") {
  CHECK(Cron("*/15 * * * *").runs_every_hour());
  CHECK(Cron("0 0-23 * * *").runs_every_hour());
  CHECK_FALSE(Cron("0 */2 * * *").runs_every_hour());
}

}  // namespace
}  // namespace parsimony
