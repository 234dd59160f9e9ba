// When the schedules of a row run, around the changes of clocks above all.
#include "services/jobs/schedule.h"

#include <catch2/catch.hpp>

#include "common/clock.h"
#include "types/date.h"

namespace parsimony {
namespace {

std::int64_t at(const std::string& text) { return parse_iso_date(text).value(); }

std::string refusal(const char* row) {
  try {
    read_schedule(parse_json(row));
    return "none";
  } catch (const ScheduleError& error) {
    return error.what();
  }
}

// The first runs behind `from`; a time that does not repeat the day before it is shown without its date.
std::string runs(const char* row, const std::string& from, int count) {
  const Schedule schedule = read_schedule(parse_json(row));
  std::string found;
  std::string day;
  std::int64_t time = at(from);
  for (int i = 0; i < count; ++i) {
    const auto next = next_run(schedule, time);
    if (!next) return found + " end";
    time = *next;
    const std::string text = iso_date(time);
    if (text.substr(0, 10) != day) found += (found.empty() ? "" : " ") + (day = text.substr(0, 10));
    found += " " + (text.ends_with(":00.000Z") ? text.substr(11, 5) : text.substr(11, 12));
  }
  return found;
}

struct Row {
  const char* fields;
  const char* from;
  const char* runs;
};

void check(std::initializer_list<Row> rows, int count = 4) {
  for (const Row& row : rows) {
    CAPTURE(row.fields, row.from);
    CHECK(runs(row.fields, row.from, count) == row.runs);
  }
}

TEST_CASE("a schedule without any rule runs once") {
  check({{R"({"startAfter":"2024-05-01T10:00:00.500Z"})", "2020-01-01", "2024-05-01 10:00:00.500 end"},
         {R"({"startAfter":"2024-05-01T10:00:00.500Z"})", "2024-05-01T10:00:00.500Z", " end"},
         {R"({"startAfter":"2024-05-01"})", "2020-01-01", "2024-05-01 00:00 end"},
         {R"({"createdAt":"2024-05-02T00:00:00.000Z"})", "2020-01-01", "2024-05-02 00:00 end"},
         // What Parse's dashboard saves for one run.
         {R"({"startAfter":"2024-05-01T10:00:00Z","daysOfWeek":[1,1,1,1,1,1,1],"params":"{}"})", "2020-01-01", "2024-05-01 10:00 end"}});
}

TEST_CASE("repeatMinutes counts from startAfter") {
  check({{R"({"startAfter":"2024-05-01T10:07:30Z","repeatMinutes":90})", "2020-01-01",
          "2024-05-01 10:07:30.000 11:37:30.000 13:07:30.000 14:37:30.000"},
         {R"({"startAfter":"2024-05-01T10:07:00Z","repeatMinutes":90})", "2024-05-03T00:00:00Z", "2024-05-03 01:07 02:37 04:07 05:37"},
         {R"({"startAfter":"2024-05-01T10:07:00Z","repeatMinutes":90})", "2024-05-03T01:07:00Z", "2024-05-03 02:37 04:07 05:37 07:07"},
         {R"({"startAfter":"2024-05-01T10:07:00Z","repeatMinutes":2880})", "2024-05-01",
          "2024-05-01 10:07 2024-05-03 10:07 2024-05-05 10:07 2024-05-07 10:07"}});
}

TEST_CASE("timeOfDay on the chosen days") {
  check(
      {{R"({"timeOfDay":"09:30:00.000Z"})", "2024-05-01T09:30:00Z", "2024-05-02 09:30 2024-05-03 09:30 2024-05-04 09:30 2024-05-05 09:30"},
       {R"({"timeOfDay":"09:30:15.250Z","repeatMinutes":1440})", "2024-05-01",
        "2024-05-01 09:30:15.250 2024-05-02 09:30:15.250 2024-05-03 09:30:15.250 2024-05-04 09:30:15.250"},
       {R"({"timeOfDay":"09:30:00.000Z","startAfter":"2024-05-03T10:00:00Z"})", "2024-05-01",
        "2024-05-04 09:30 2024-05-05 09:30 2024-05-06 09:30 2024-05-07 09:30"},
       {R"({"timeOfDay":"09:30:00.000Z","startAfter":"2024-05-03T09:30:00Z"})", "2024-05-01",
        "2024-05-03 09:30 2024-05-04 09:30 2024-05-05 09:30 2024-05-06 09:30"},
       // 2024-05-05 is a Sunday.
       {R"({"timeOfDay":"09:30","daysOfWeek":["1","0","0","1","0","0","0"]})", "2024-05-01T10:00:00Z",
        "2024-05-05 09:30 2024-05-08 09:30 2024-05-12 09:30 2024-05-15 09:30"},
       {R"({"timeOfDay":"09:30","daysOfWeek":[1,0,0,1,0,0,0]})", "2024-05-01T10:00:00Z",
        "2024-05-05 09:30 2024-05-08 09:30 2024-05-12 09:30 2024-05-15 09:30"},
       {R"({"timeOfDay":"09:30","daysOfWeek":[0,3]})", "2024-05-01T10:00:00Z",
        "2024-05-05 09:30 2024-05-08 09:30 2024-05-12 09:30 2024-05-15 09:30"},
       {R"({"timeOfDay":"09:30","daysOfWeek":["7","3"]})", "2024-05-01T10:00:00Z",
        "2024-05-05 09:30 2024-05-08 09:30 2024-05-12 09:30 2024-05-15 09:30"},
       {R"({"timeOfDay":"09:30","daysOfWeek":[6]})", "2024-05-01T10:00:00Z",
        "2024-05-04 09:30 2024-05-11 09:30 2024-05-18 09:30 2024-05-25 09:30"},
       {R"({"timeOfDay":"09:30","daysOfWeek":["0","0","0","0","0","0","0"]})", "2024-05-01T10:00:00Z",
        "2024-05-02 09:30 2024-05-03 09:30 2024-05-04 09:30 2024-05-05 09:30"},
       {R"({"timeOfDay":"09:30","daysOfWeek":[]})", "2024-05-01T10:00:00Z",
        "2024-05-02 09:30 2024-05-03 09:30 2024-05-04 09:30 2024-05-05 09:30"}});
}

TEST_CASE("timeOfDay with repeatMinutes goes on through the day") {
  check({{R"({"timeOfDay":"20:00:00.000Z","repeatMinutes":90})", "2024-05-01T20:00:00Z", "2024-05-01 21:30 23:00 2024-05-02 20:00 21:30"},
         {R"({"timeOfDay":"23:00:00.000Z","repeatMinutes":60})", "2024-05-01T20:00:00Z",
          "2024-05-01 23:00 2024-05-02 23:00 2024-05-03 23:00 2024-05-04 23:00"},
         {R"({"timeOfDay":"20:00","repeatMinutes":120,"daysOfWeek":[5]})", "2024-05-01", "2024-05-03 20:00 22:00 2024-05-10 20:00 22:00"},
         {R"({"timeOfDay":"20:00","repeatMinutes":120,"startAfter":"2024-05-03T21:00:00Z"})", "2024-05-01",
          "2024-05-03 22:00 2024-05-04 20:00 22:00 2024-05-05 20:00"},
         {R"({"timeOfDay":"20:00:00.000Z","repeatMinutes":2880,"startAfter":"2024-05-03T21:00:00Z"})", "2024-05-01",
          "2024-05-04 20:00 2024-05-06 20:00 2024-05-08 20:00 2024-05-10 20:00"}});
}

TEST_CASE("cron in a time zone, not before startAfter") {
  check({{R"({"cron":"0 9 * * 1-5"})", "2024-05-03T09:00:00Z", "2024-05-06 09:00 2024-05-07 09:00 2024-05-08 09:00 2024-05-09 09:00"},
         {R"({"cron":"0 9 * * *","timeZone":"America/New_York"})", "2024-07-01",
          "2024-07-01 13:00 2024-07-02 13:00 2024-07-03 13:00 2024-07-04 13:00"},
         {R"({"cron":"0 9 * * *","timeZone":"America/New_York"})", "2024-12-01",
          "2024-12-01 14:00 2024-12-02 14:00 2024-12-03 14:00 2024-12-04 14:00"},
         {R"({"cron":"0 9 * * *","startAfter":"2024-05-05T09:00:00Z"})", "2024-01-01",
          "2024-05-05 09:00 2024-05-06 09:00 2024-05-07 09:00 2024-05-08 09:00"},
         {R"({"cron":"0 9 * * *","startAfter":"2024-05-05T09:00:00.001Z"})", "2024-01-01",
          "2024-05-06 09:00 2024-05-07 09:00 2024-05-08 09:00 2024-05-09 09:00"},
         {R"({"cron":"*/30 * * * *","startAfter":"2024-05-05T09:00:00.001Z","timeZone":"Asia/Kathmandu"})", "2024-01-01",
          "2024-05-05 09:15 09:45 10:15 10:45"},
         {R"({"cron":"0 0 1 * *","timeZone":"Pacific/Auckland"})", "2024-05-05",
          "2024-05-31 12:00 2024-06-30 12:00 2024-07-31 12:00 2024-08-31 12:00"},
         // It counts before the other fields.
         {R"({"cron":"0 9 * * *","timeOfDay":"10:00:00.000Z","repeatMinutes":5,"daysOfWeek":[1]})", "2024-05-05",
          "2024-05-05 09:00 2024-05-06 09:00 2024-05-07 09:00 2024-05-08 09:00"}});
}

// Berlin: at 01:00 UTC on 2024-03-31 from 02:00 to 03:00, at 01:00 UTC on 2024-10-27 from 03:00 to 02:00.
// New York: at 07:00 UTC on 2024-03-10 from 02:00 to 03:00, at 06:00 UTC on 2024-11-03 from 02:00 to 01:00.
TEST_CASE("a time that clocks jump over counts as the moment of the jump") {
  check({{R"({"cron":"30 2 * * *","timeZone":"Europe/Berlin"})", "2024-03-30",
          "2024-03-30 01:30 2024-03-31 01:00 2024-04-01 00:30 2024-04-02 00:30"},
         {R"({"cron":"*/20 2 * * *","timeZone":"Europe/Berlin"})", "2024-03-31", "2024-03-31 01:00 2024-04-01 00:00 00:20 00:40"},
         {R"({"cron":"0,30 2,3 * * *","timeZone":"Europe/Berlin"})", "2024-03-31", "2024-03-31 01:00 01:30 2024-04-01 00:00 00:30"},
         {R"({"cron":"30 2 * * *","timeZone":"America/New_York"})", "2024-03-10",
          "2024-03-10 07:00 2024-03-11 06:30 2024-03-12 06:30 2024-03-13 06:30"},
         {R"({"timeOfDay":"02:30","timeZone":"Europe/Berlin"})", "2024-03-30",
          "2024-03-30 01:30 2024-03-31 01:00 2024-04-01 00:30 2024-04-02 00:30"},
         {R"({"timeOfDay":"02:30","timeZone":"Europe/Berlin","daysOfWeek":[0]})", "2024-03-30",
          "2024-03-31 01:00 2024-04-07 00:30 2024-04-14 00:30 2024-04-21 00:30"}});
}

TEST_CASE("a time that clocks show twice counts the first time only") {
  check({{R"({"cron":"30 2 * * *","timeZone":"Europe/Berlin"})", "2024-10-26",
          "2024-10-26 00:30 2024-10-27 00:30 2024-10-28 01:30 2024-10-29 01:30"},
         {R"({"cron":"*/30 2 * * *","timeZone":"Europe/Berlin"})", "2024-10-26T23:59:00Z", "2024-10-27 00:00 00:30 2024-10-28 01:00 01:30"},
         {R"({"cron":"30 2 * * *","timeZone":"Europe/Berlin"})", "2024-10-27T01:10:00Z",
          "2024-10-28 01:30 2024-10-29 01:30 2024-10-30 01:30 2024-10-31 01:30"},
         {R"({"cron":"30 1 * * *","timeZone":"America/New_York"})", "2024-11-03",
          "2024-11-03 05:30 2024-11-04 06:30 2024-11-05 06:30 2024-11-06 06:30"},
         {R"({"timeOfDay":"01:30","timeZone":"America/New_York"})", "2024-11-03",
          "2024-11-03 05:30 2024-11-04 06:30 2024-11-05 06:30 2024-11-06 06:30"}});
}

TEST_CASE("cron text of every hour runs by the minutes that pass") {
  check({{R"({"cron":"30 * * * *","timeZone":"Europe/Berlin"})", "2024-03-31T00:00:00Z", "2024-03-31 00:30 01:30 02:30 03:30"},
         {R"({"cron":"30 * * * *","timeZone":"Europe/Berlin"})", "2024-10-26T23:00:00Z", "2024-10-26 23:30 2024-10-27 00:30 01:30 02:30"},
         {R"({"cron":"*/45 * * * *","timeZone":"Europe/Berlin"})", "2024-10-27T00:00:00Z", "2024-10-27 00:45 01:00 01:45 02:00"},
         // Half an hour only: at 15:30 UTC on 2024-10-05 from 02:00 to 02:30.
         {R"({"cron":"0 * * * *","timeZone":"Australia/Lord_Howe"})", "2024-10-05T14:00:00Z", "2024-10-05 14:30 16:00 17:00 18:00"},
         // On the chosen day alone, which has 23 hours.
         {R"({"cron":"0 * 31 3 *","timeZone":"Europe/Berlin"})", "2024-03-31T20:00:00Z",
          "2024-03-31 21:00 2025-03-30 22:00 23:00 2025-03-31 00:00"}});
  CHECK(runs(R"({"cron":"0 * 31 3 *","timeZone":"Europe/Berlin"})", "2024-03-30", 24) ==
        "2024-03-30 23:00 2024-03-31 00:00 01:00 02:00 03:00 04:00 05:00 06:00 07:00 08:00 09:00 10:00 11:00 12:00 13:00 14:00 15:00 16:00 "
        "17:00 18:00 19:00 20:00 21:00 2025-03-30 22:00");
}

TEST_CASE("repeats through a day whose clocks change are as far apart as ever, and end with the day") {
  check({{R"({"timeOfDay":"01:00","repeatMinutes":60,"timeZone":"Europe/Berlin"})", "2024-03-30T23:59:00Z",
          "2024-03-31 00:00 01:00 02:00 03:00"},
         {R"({"timeOfDay":"21:00","repeatMinutes":60,"timeZone":"Europe/Berlin"})", "2024-03-31",
          "2024-03-31 19:00 20:00 21:00 2024-04-01 19:00"},
         {R"({"timeOfDay":"01:00","repeatMinutes":720,"timeZone":"Europe/Berlin"})", "2024-10-26T20:00:00Z",
          "2024-10-26 23:00 2024-10-27 11:00 2024-10-28 00:00 12:00"}});
}

TEST_CASE("a midnight that is not there, and a day that is left out") {
  // Beirut: at 22:00 UTC on 2024-03-30 from 00:00 to 01:00. Apia left 2011-12-30 out.
  check({{R"({"timeOfDay":"00:00","timeZone":"Asia/Beirut"})", "2024-03-29T23:00:00Z",
          "2024-03-30 22:00 2024-03-31 21:00 2024-04-01 21:00 2024-04-02 21:00"},
         {R"({"cron":"@daily","timeZone":"Asia/Beirut"})", "2024-03-29T23:00:00Z",
          "2024-03-30 22:00 2024-03-31 21:00 2024-04-01 21:00 2024-04-02 21:00"},
         {R"({"cron":"0 12 * * *","timeZone":"Pacific/Apia"})", "2011-12-28T22:30:00Z",
          "2011-12-29 22:00 2011-12-30 10:00 22:00 2011-12-31 22:00"}});
}

TEST_CASE("a schedule that says no time is refused") {
  CHECK(refusal(R"({"cron":"61 * * * *"})").find("\"61\" is no minute") != std::string::npos);
  CHECK(refusal(R"({"cron":"0 0 30 2 *"})") == "this cron text names days that never come");
  CHECK(refusal(R"({"startAfter":"tomorrow"})") == "startAfter must be a date like 2030-01-31T09:00:00.000Z");
  CHECK(refusal(R"({"startAfter":"1969-01-01T00:00:00Z"})").starts_with("startAfter"));
  for (const char* zone :
       {"Europe/Nowhere", "../etc/passwd", "/etc/passwd", "file:/etc/passwd", "Europe", "libc:UTC", "Fixed/UTC+01:00:00", " "}) {
    CAPTURE(zone);
    for (const char* rest : {R"("cron":"@daily")", R"("timeOfDay":"09:00")", R"("repeatMinutes":5)", R"("jobName":"x")"}) {
      CHECK(refusal(("{\"timeZone\":\"" + std::string(zone) + "\"," + rest + "}").c_str()).find("tzdata") != std::string::npos);
    }
  }
  for (const char* time :
       {"9:00", "24:00", "09:60", "09:00:60", "09:00:00.00Z", "09:00:00,000Z", "0a:00", "nine", "09:00ZZ", "Z", "09-00"}) {
    CAPTURE(time);
    CHECK(refusal(("{\"timeOfDay\":\"" + std::string(time) + "\"}").c_str()).starts_with("timeOfDay must be like"));
  }
  CHECK(refusal(R"({"timeOfDay":"09:00:00.000Z","timeZone":"Europe/Berlin"})").find("means UTC") != std::string::npos);
  CHECK(refusal(R"({"timeOfDay":"09:00:00.000Z","timeZone":"UTC"})") == "none");
  for (const char* days : {"[8]", "[\"x\"]", "[1,1,1,1,1,1,1,1]", "[true]", "[-1]", "[1.5]", "[\"\"]", "[null]"}) {
    CAPTURE(days);
    CHECK(refusal(("{\"timeOfDay\":\"09:00\",\"daysOfWeek\":" + std::string(days) + "}").c_str()).starts_with("daysOfWeek must be"));
  }
  CHECK(refusal(R"({"daysOfWeek":[1]})") == "daysOfWeek chooses days for a timeOfDay: give that, too");
  CHECK(refusal(R"({"daysOfWeek":[1],"repeatMinutes":5})").starts_with("daysOfWeek chooses"));
  for (const char* minutes : {"-5", "0.5", "1e300", "5270401"}) {
    CAPTURE(minutes);
    CHECK(refusal(("{\"repeatMinutes\":" + std::string(minutes) + "}").c_str()) ==
          "repeatMinutes must be a whole number from 1 to 5270400");
  }
  CHECK(refusal(R"({"timeOfDay":"09:00","repeatMinutes":1441,"daysOfWeek":[1]})").find("do not go together") != std::string::npos);
}

}  // namespace
}  // namespace parsimony
