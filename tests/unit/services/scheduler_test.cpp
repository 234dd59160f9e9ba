// The thread that runs schedules: what wakes it.
#include "services/jobs/scheduler.h"

#include <map>

#include "common/clock.h"
#include "unit/services/job_support.h"

namespace parsimony {
namespace {

// A scheduler over services of its own, whose clock stands still until it is set.
class Running {
 public:
  Running() {
    services.code.define("quick", [this](const CloudCall& call) {
      const std::lock_guard lock(mutex_);
      ++ran_[call.request.at("params").value("as", "?")];
      changed_.notify_all();
      return Json::object();
    });
    set_clock(now_ms());
    scheduler_.emplace(services.store(), services.jobs(), MissedRuns::Once);
  }
  ~Running() {
    scheduler_.reset();
    services.close();
    parsimony::set_clock({});
  }

  JobServices services;

  // Returns its id. `as` tells its runs from those of others.
  std::string add(const std::string& as, Json fields) {
    fields["jobName"] = "quick";
    fields["params"] = to_json_text({{"as", as}});
    return services->writer.run(services->saves.prepare_create(kMasterOfJobs, "_JobSchedule", fields)).object_id;
  }
  void change(const std::string& id, const Json& body) {
    services->writer.run(services->saves.prepare_update(kMasterOfJobs, "_JobSchedule", id, body));
  }
  void remove(const std::string& id) { services->writer.run(services->saves.prepare_remove(kMasterOfJobs, "_JobSchedule", id)); }

  static void set_clock(std::int64_t ms) { parsimony::set_clock({0, ms}); }
  static std::int64_t now() { return now_ms(); }
  // Waits until it has run so often; the runner of the tests ends what waits for ever.
  void await(const std::string& as, int times) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return ran_[as] >= times; });
  }
  // How often it has run by the time a schedule that is due now has.
  int ran(const std::string& as) {
    const std::string marker = "marker " + std::to_string(++markers_);
    add(marker, {{"startAfter", iso_date(now())}});
    await(marker, 1);
    const std::lock_guard lock(mutex_);
    return ran_[as];
  }
  void await_ends() {
    while (services.runs(equals("status", "running")) > 0) std::this_thread::yield();
  }
  void end() { scheduler_.reset(); }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, int> ran_;  // guarded by mutex_
  int markers_ = 0;
  std::optional<Scheduler> scheduler_;
};

constexpr std::int64_t kMinute = 60'000;

TEST_CASE("a new schedule that is due runs at once, one that is not when the clock is there") {
  Running running;
  running.add("now", {{"startAfter", iso_date(running.now() - 1)}});
  running.await("now", 1);
  running.add("later", {{"startAfter", iso_date(running.now() + kMinute)}});
  CHECK(running.ran("later") == 0);
  running.set_clock(running.now() + 2 * kMinute);
  running.await("later", 1);
  CHECK(running.ran("now") == 1);
  CHECK(running.ran("later") == 1);
}

TEST_CASE("a schedule that is changed or deleted, by any way, does so at once") {
  Running running;
  const Json later = {{"startAfter", iso_date(running.now() + 10 * kMinute)}};
  const std::string sooner = running.add("sooner", later);
  const std::string deleted = running.add("deleted", later);
  const std::string postponed = running.add("postponed", later);
  running.change(sooner, {{"startAfter", iso_date(running.now())}});
  running.await("sooner", 1);
  running.remove(deleted);
  running.change(postponed, {{"startAfter", iso_date(running.now() + 100 * kMinute)}});
  running.set_clock(running.now() + 20 * kMinute);
  CHECK(running.ran("deleted") == 0);
  CHECK(running.ran("postponed") == 0);
  running.services->writer.purge("_JobSchedule");
  running.set_clock(running.now() + 200 * kMinute);
  CHECK(running.ran("postponed") == 0);
  CHECK(running.ran("sooner") == 1);
}

TEST_CASE("a repeat goes on, and a clock that is put back by hours runs nothing twice") {
  Running running;
  running.add("often", {{"startAfter", iso_date(running.now())}, {"repeatMinutes", 1}});
  running.await("often", 1);
  running.await_ends();  // what falls due while a run goes on is left out
  running.set_clock(running.now() + kMinute);
  running.await("often", 2);
  running.set_clock(running.now() - 120 * kMinute);
  CHECK(running.ran("often") == 2);
}

TEST_CASE("an ended scheduler starts nothing, and a run that ends after it harms nobody") {
  Running running;
  running.services.code.define_waiting("wait");
  const std::string id = running.add("wait", {{"startAfter", iso_date(running.now() + kMinute)}});
  running.change(id, {{"jobName", "wait"}});
  running.set_clock(running.now() + kMinute);
  while (running.services.runs(equals("jobName", "wait")) == 0) std::this_thread::yield();
  running.end();
  running.services.code.let_go("wait");
  running.add("never", {{"startAfter", iso_date(running.now())}});
  running.await_ends();
  CHECK(running.services.runs() == 1);
}

TEST_CASE("a schedule that says no time is not saved, by whatever way") {
  Running running;
  const auto refusal = [&](const Json& fields) { return refusal_of([&] { running.add("bad", fields); }); };
  CHECK(refusal({{"cron", "* * * *"}}).starts_with("142 This schedule cannot be saved: \"* * * *\" is no cron text"));
  CHECK(refusal({{"cron", "@daily"}, {"timeZone", "Mars/Base"}}).find("tzdata") != std::string::npos);
  CHECK(refusal({{"timeOfDay", "25:00"}}).starts_with("142 "));
  CHECK(refusal({{"repeatMinutes", -1}}).starts_with("142 "));
  CHECK(refusal({{"startAfter", "tomorrow"}}).starts_with("142 "));
  CHECK(count(running.services.store(), "_JobSchedule") == 0);
  const std::string id = running.add("good", {{"startAfter", iso_date(running.now() + kMinute)}});
  CHECK(refusal_of([&] { running.change(id, {{"params", "[1]"}}); }).find("params must be") != std::string::npos);
  CHECK(refusal_of([&] { running.change(id, {{"jobName", {{"__op", "Delete"}}}}); }).find("jobName") != std::string::npos);
  CHECK(refusal_of([&] { running.change(id, {{"cron", "0 9 * * 1-5"}, {"timeZone", "Europe/Berlin"}}); }) == "none");
}

}  // namespace
}  // namespace parsimony
