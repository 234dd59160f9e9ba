// Which schedules run when, tick by tick.
#include "services/jobs/schedule_list.h"

#include <atomic>

#include "common/clock.h"
#include "unit/services/job_support.h"

namespace parsimony {
namespace {

std::int64_t at(const std::string& text) { return parse_iso_date("2024-05-01T" + text + "Z").value(); }
double seconds_at(const std::string& time) { return static_cast<double>(at(time)) / 1000.0; }
std::string shown(std::optional<std::int64_t> ms) { return ms ? iso_date(*ms).substr(0, 19) : "never"; }

// A list over services of its own. Rows that `add` makes were last changed on 2020-01-01.
class Schedules {
 public:
  explicit Schedules(JobSettings settings = JobServices::quick_stop()) : services(settings), list_(made_list()) {
    services.code.define("quick", [this](const CloudCall&) {
      ++ran_;
      return Json::object();
    });
    services.code.define_waiting("wait");
  }

  ~Schedules() { services.close(); }

  JobServices services;

  ScheduleList made_list() {
    return ScheduleList(services.store(), services.jobs(), [mail = ended_](const std::string& object_id, std::int64_t) {
      const std::lock_guard lock(mail->mutex);
      mail->ids.push_back(object_id);
    });
  }

  void add(const std::string& id, Json fields) {
    if (!fields.contains("jobName")) fields["jobName"] = "quick";
    insert(services.store(), "_JobSchedule", id, fields);
  }
  void change(const std::string& id, const Json& body) {
    services->writer.run(services->saves.prepare_update(kMasterOfJobs, "_JobSchedule", id, body));
  }
  // As if the row had been saved then.
  void say_changed(const std::string& id, const std::string& now) {
    services.store().write([&](Transaction& transaction) {
      const ClassSchema& of = *transaction.schema().find("_JobSchedule");
      transaction.update(of, id, {{of.find("updatedAt"), encode_date(iso_date(at(now)))}});
    });
  }
  void start_list(const std::string& now, MissedRuns missed = MissedRuns::Once) { list_.read_all(at(now), missed); }
  void notice(const std::string& id, const std::string& now) { list_.read({id}, at(now)); }
  std::string tick(const std::string& now) { return shown(list_.run_due(at(now))); }
  ScheduleList& list() { return list_; }

  // Waits until that many runs have ended since the last call, and tells the list.
  void await_ends(std::size_t count, const std::string& now) {
    for (std::size_t told = 0; told < count;) {
      std::vector<std::string> ids;
      {
        const std::lock_guard lock(ended_->mutex);
        ids.swap(ended_->ids);
      }
      for (const std::string& id : ids) list_.ended(id, at(now));
      told += ids.size();
      std::this_thread::yield();
    }
  }
  std::int64_t runs() { return services.runs(equals("source", "schedule")); }
  int ran() const { return ran_; }
  Json last_run(const std::string& id) { return services.row("_JobSchedule", id).value("lastRun", Json()); }

 private:
  struct Ended {
    std::mutex mutex;
    std::vector<std::string> ids;  // guarded by mutex
  };
  const std::shared_ptr<Ended> ended_ = std::make_shared<Ended>();
  std::atomic<int> ran_ = 0;
  ScheduleList list_;
};

TEST_CASE("a run begins when it is due, once, and the row says when") {
  Schedules schedules;
  Json params;
  schedules.services.code.define("told", [&](const CloudCall& call) {
    params = call.request.at("params");
    return Json::object();
  });
  schedules.add("s", {{"jobName", "told"}, {"startAfter", "2024-05-01T10:00:00.250Z"}, {"params", "{\"days\":7}"}});
  schedules.start_list("09:00:00");
  CHECK(schedules.tick("09:00:00") == "2024-05-01T10:00:00");
  CHECK(schedules.tick("10:00:00.249") == "2024-05-01T10:00:00");
  CHECK(schedules.runs() == 0);
  CHECK(schedules.tick("10:00:00.251") == "never");
  schedules.await_ends(1, "10:00:01");
  CHECK(params == Json{{"days", 7}});
  CHECK(schedules.last_run("s") == Json(seconds_at("10:00:00.251")));
  CHECK(schedules.tick("10:00:02") == "never");
  CHECK(schedules.runs() == 1);
  // Neither another server start nor hearing of its own write runs it again.
  schedules.notice("s", "10:00:03");
  CHECK(schedules.tick("10:00:03") == "never");
  schedules.start_list("10:00:04");
  CHECK(schedules.tick("10:00:04") == "never");
  ScheduleList restarted = schedules.made_list();
  restarted.read_all(at("11:00:00"), MissedRuns::Once);
  CHECK(shown(restarted.run_due(at("11:00:00"))) == "never");
  CHECK(schedules.runs() == 1);
}

TEST_CASE("two ticks, or two lists, never run the same thing twice") {
  Schedules schedules;
  schedules.add("s", {{"cron", "0 * * * *"}});
  schedules.start_list("09:59:00", MissedRuns::Skip);
  ScheduleList other = schedules.made_list();
  other.read_all(at("09:59:00"), MissedRuns::Skip);
  schedules.tick("10:00:00");
  schedules.tick("10:00:00");
  other.run_due(at("10:00:00"));
  schedules.await_ends(1, "10:00:01");
  CHECK(schedules.tick("10:00:01") == "2024-05-01T11:00:00");
  other.run_due(at("10:00:01"));
  CHECK(schedules.runs() == 1);
  other.read({"s"}, at("10:00:02"));
  CHECK(shown(other.run_due(at("10:00:02"))) == "2024-05-01T11:00:00");
}

TEST_CASE("while a run goes on, the next ones of its schedule are left out") {
  Schedules schedules;
  schedules.add("s", {{"jobName", "wait"}, {"cron", "* * * * *"}});
  schedules.start_list("10:00:30", MissedRuns::Skip);
  schedules.tick("10:01:00");
  CHECK(schedules.runs() == 1);
  CHECK(schedules.tick("10:02:00") == "never");
  CHECK(schedules.tick("10:03:00") == "never");
  CHECK(schedules.runs() == 1);
  schedules.notice("s", "10:03:00");
  schedules.tick("10:03:01");
  CHECK(schedules.runs() == 1);
  schedules.services.code.let_go("wait");
  schedules.await_ends(1, "10:03:30");
  CHECK(schedules.tick("10:03:30") == "2024-05-01T10:04:00");
  CHECK(schedules.runs() == 1);
  schedules.tick("10:04:00");
  CHECK(schedules.runs() == 2);
  schedules.await_ends(1, "10:04:01");
}

TEST_CASE("runs that a server missed while it was down") {
  const Json row = {{"cron", "0 * * * *"}, {"lastRun", seconds_at("05:00:00.010")}};
  for (const bool once : {true, false}) {
    CAPTURE(once);
    Schedules schedules;
    schedules.add("s", row);
    schedules.start_list("10:30:00", once ? MissedRuns::Once : MissedRuns::Skip);
    schedules.tick("10:30:00");
    CHECK(schedules.runs() == (once ? 1 : 0));
    if (once) schedules.await_ends(1, "10:30:01");
    CHECK(schedules.tick("10:30:01") == "2024-05-01T11:00:00");
    schedules.tick("11:00:00");
    CHECK(schedules.runs() == (once ? 2 : 1));
    schedules.await_ends(1, "11:00:01");
  }
}

TEST_CASE("a run that was not missed is not made up for") {
  Schedules schedules;
  schedules.add("s", {{"cron", "0 * * * *"}, {"lastRun", seconds_at("10:00:00.010")}});
  schedules.add("t", {{"startAfter", "2024-05-01T08:00:00Z"}, {"repeatMinutes", 60}, {"lastRun", seconds_at("10:00:00.010")}});
  schedules.add("ahead", {{"cron", "0 * * * *"}, {"lastRun", seconds_at("23:00:00")}});  // by a clock that was wrong
  schedules.start_list("10:30:00");
  CHECK(schedules.tick("10:30:00") == "2024-05-01T11:00:00");
  CHECK(schedules.runs() == 0);
  schedules.tick("11:00:00");
  CHECK(schedules.runs() == 3);
  schedules.await_ends(3, "11:00:01");
}

TEST_CASE("a schedule whose start is past runs at once when it is made, and at a start as the option says") {
  for (const Json& row :
       {Json{{"startAfter", "2024-05-01T08:00:00Z"}}, Json{{"startAfter", "2024-05-01T08:00:00Z"}, {"repeatMinutes", 600}}}) {
    CAPTURE(row.dump());
    Schedules made;
    made.start_list("10:30:00", MissedRuns::Skip);
    made.add("s", row);
    made.notice("s", "10:30:00");
    made.tick("10:30:00");
    CHECK(made.runs() == 1);
    made.await_ends(1, "10:30:01");

    Schedules skipped;
    skipped.add("s", row);
    skipped.start_list("10:30:00", MissedRuns::Skip);
    skipped.tick("10:30:00");
    CHECK(skipped.runs() == 0);
  }
  // A time of day that is past today waits for tomorrow.
  Schedules daily;
  daily.start_list("10:30:00");
  daily.add("s", {{"timeOfDay", "09:00:00.000Z"}});
  daily.say_changed("s", "10:30:00");
  daily.notice("s", "10:30:00");
  CHECK(daily.tick("10:30:00") == "2024-05-02T09:00:00");
  CHECK(daily.runs() == 0);
}

TEST_CASE("a change counts from the moment it is heard of, and from its commit") {
  Schedules schedules;
  schedules.add("s", {{"startAfter", "2024-05-01T10:00:00Z"}});
  schedules.add("gone", {{"startAfter", "2024-05-01T10:00:00Z"}});
  schedules.start_list("09:00:00");
  CHECK(schedules.tick("09:00:00") == "2024-05-01T10:00:00");
  schedules.change("s", {{"startAfter", "2024-05-01T09:30:00Z"}});
  schedules.notice("s", "09:10:00");
  CHECK(schedules.tick("09:10:00") == "2024-05-01T09:30:00");
  // Not heard of yet when it is due.
  schedules.change("s", {{"startAfter", "2024-05-01T12:00:00Z"}});
  schedules.services->writer.run(schedules.services->saves.prepare_remove(kMasterOfJobs, "_JobSchedule", "gone"));
  CHECK(schedules.tick("10:00:00") == "never");
  CHECK(schedules.runs() == 0);
  schedules.list().read({"s", "gone"}, at("10:00:01"));
  CHECK(schedules.tick("10:00:01") == "2024-05-01T12:00:00");
  schedules.tick("12:00:00");
  CHECK(schedules.runs() == 1);
  schedules.await_ends(1, "12:00:01");
}

TEST_CASE("a schedule that is made to begin anew during its run begins when that has ended") {
  Schedules schedules;
  schedules.add("s", {{"jobName", "wait"}, {"startAfter", "2024-05-01T10:00:00Z"}});
  schedules.start_list("10:00:00");
  schedules.tick("10:00:00");
  schedules.change("s", {{"startAfter", "2024-05-01T10:05:00Z"}});
  schedules.notice("s", "10:05:00");
  schedules.tick("10:06:00");
  CHECK(schedules.runs() == 1);
  schedules.services.code.let_go("wait");
  schedules.await_ends(1, "10:07:00");
  schedules.tick("10:07:00");
  CHECK(schedules.runs() == 2);
  schedules.await_ends(1, "10:07:01");
}

TEST_CASE("a row that says no time, or names no job, keeps no other from running") {
  Schedules schedules;
  schedules.add("bad-cron", {{"cron", "61 * * * *"}});
  schedules.add("bad-zone", {{"cron", "@daily"}, {"timeZone", "Mars/Base"}});
  schedules.add("bad-params", {{"params", "{"}, {"startAfter", "2024-05-01T10:00:00Z"}});
  schedules.add("unknown", {{"jobName", "none"}, {"cron", "0 10 * * *"}});
  schedules.add("good", {{"startAfter", "2024-05-01T10:00:00Z"}});
  schedules.start_list("09:00:00", MissedRuns::Skip);
  CHECK(schedules.tick("10:00:00") == "2024-05-02T10:00:00");  // the unknown job is tried again when it is due again
  CHECK(schedules.runs() == 1);
  schedules.await_ends(1, "10:00:01");
  CHECK(schedules.last_run("unknown").is_null());
}

TEST_CASE("where as many jobs run as may, a schedule waits its turn") {
  JobSettings settings = JobServices::quick_stop();
  settings.max_running = 1;
  Schedules schedules(settings);
  schedules.add("late", {{"jobName", "wait"}, {"startAfter", "2024-05-01T10:00:02Z"}});
  schedules.add("early", {{"jobName", "wait"}, {"startAfter", "2024-05-01T10:00:01Z"}});
  schedules.start_list("10:00:05");
  CHECK(schedules.tick("10:00:05") == "2024-05-01T10:00:06");
  CHECK(schedules.last_run("early") == Json(at("10:00:05") / 1000));
  CHECK(schedules.last_run("late").is_null());
  schedules.services.code.let_go("wait");
  schedules.await_ends(1, "10:00:06");
  while (schedules.tick("10:00:07") != "never") std::this_thread::yield();
  schedules.await_ends(1, "10:00:08");
  CHECK(schedules.last_run("late") == Json(at("10:00:07") / 1000));
  CHECK(schedules.runs() == 2);
}

TEST_CASE("thousands of schedules that are due together run once each") {
  constexpr int kCount = 2000;
  Schedules schedules;
  schedules.services.store().write([&](Transaction& transaction) {
    for (int i = 0; i < kCount; ++i) {
      insert(transaction, "_JobSchedule", "s" + std::to_string(i), {{"jobName", "quick"}, {"startAfter", "2024-05-01T10:00:00Z"}});
    }
  });
  schedules.start_list("09:00:00");
  CHECK(schedules.tick("09:00:00") == "2024-05-01T10:00:00");
  std::size_t told = 0;
  while (schedules.tick("10:00:00") != "never") ++told;
  schedules.await_ends(kCount, "10:00:01");
  CHECK(schedules.tick("10:00:01") == "never");
  CHECK(schedules.ran() == kCount);
  CHECK(count(schedules.services.store(), "_JobSchedule", equals("lastRun", at("10:00:00") / 1000)) == kCount);
  std::vector<std::string> ids;
  for (int i = 0; i < kCount; ++i) ids.push_back("s" + std::to_string(i));
  schedules.list().read(ids, at("10:00:02"));
  CHECK(schedules.tick("10:00:02") == "never");
}

}  // namespace
}  // namespace parsimony
