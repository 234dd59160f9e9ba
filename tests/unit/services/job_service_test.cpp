// Runs of jobs and what their rows say.
#include <atomic>
#include <thread>

#include "services/objects/row_reader.h"
#include "unit/services/job_support.h"

namespace parsimony {
namespace {

TEST_CASE("a job runs by itself, and its row says how") {
  JobServices services;
  Json seen;
  services.code.define("count", [&](const CloudCall& call) {
    seen = call.request;
    return Json{{"message", "12 rows"}};
  });
  Caller caller = kMasterOfJobs;
  caller.origin = std::make_shared<CallOrigin>();
  caller.origin->ip = "10.1.2.3";
  caller.origin->headers = {{"x-a", "b"}};
  const std::string id = services.jobs().start(caller, {"count", {{"days", 7}}, "api", {}, {}});
  CHECK(services.await_end(id) == "succeeded: 12 rows");
  CHECK(seen == Json{{"params", {{"days", 7}}}, {"jobId", id}, {"jobName", "count"}, {"headers", {{"x-a", "b"}}}, {"ip", "10.1.2.3"}});
  const Json run = services.run_row(id);
  CHECK(run.at("jobName") == "count");
  CHECK(run.at("source") == "api");
  CHECK(run.at("params") == Json{{"days", 7}});
  CHECK(run.at("ACL") == Json::object());
  CHECK(run.at("finishedAt").at("__type") == "Date");
}

TEST_CASE("a job without a last word keeps the last message, one that fails says why") {
  JobServices services;
  services.code.define("quiet", [](const CloudCall& call) {
    call.on_message("half");
    call.on_message("nearly");
    return Json::object();
  });
  services.code.define("silent", [](const CloudCall&) { return Json::object(); });
  services.code.define("failing", [](const CloudCall& call) -> Json {
    call.on_message("half");
    throw Error(error_code::kScriptFailed, "no disk");
  });
  services.code.define("broken", [](const CloudCall&) -> Json { throw std::runtime_error("secret path"); });
  CHECK(services.await_end(services.start("quiet")) == "succeeded: nearly");
  CHECK(services.await_end(services.start("silent")) == "succeeded: ");
  CHECK(services.await_end(services.start("failing")) == "failed: no disk");
  CHECK(services.await_end(services.start("broken")) == "failed: Internal server error.");
}

TEST_CASE("messages show while the job runs, the newest of them") {
  JobServices services;
  std::atomic<bool> go_on = false;
  services.code.define("slow", [&](const CloudCall& call) {
    for (int i = 1; i <= 1000; ++i) call.on_message("step " + std::to_string(i));
    while (!go_on) std::this_thread::yield();
    return Json::object();
  });
  const std::string id = services.start("slow");
  CHECK(services.await(id, [](const Json& run) { return text_of_member(run, "message") == "step 1000"; }) == "running: step 1000");
  CHECK_FALSE(services.run_row(id).contains("finishedAt"));
  go_on = true;
  CHECK(services.await_end(id) == "succeeded: step 1000");
}

TEST_CASE("an unknown job leaves no row") {
  JobServices services;
  CHECK(refusal_of([&] { services.start("none"); }) == "141 Invalid job.");
  CHECK(refusal_of([&] { services.start(std::string("a\0b", 3)); }) == "141 Invalid job.");
  CHECK(services.runs() == 0);
}

TEST_CASE("as many jobs run as may, and room comes back") {
  JobSettings settings = JobServices::quick_stop();
  settings.max_running = 2;
  JobServices services(settings);
  services.code.define_waiting("wait");
  const std::string first = services.start("wait"), second = services.start("wait");
  CHECK(refusal_of([&] { services.start("wait"); }).starts_with("155 2 jobs are running"));
  CHECK(services.runs() == 2);
  services.code.let_go("wait");
  CHECK(services.await_end(first) == "succeeded: ");
  CHECK(services.await_end(second) == "succeeded: ");
  // The place is given back a moment after the row is written.
  std::string third;
  while (third.empty()) refusal_of([&] { third = services.start("wait"); });
  CHECK(services.await_end(third) == "succeeded: ");
}

TEST_CASE("a stop fails what is still running, and a job that ends later does not change that") {
  JobServices services;
  services.code.define_waiting("wait");
  const std::string id = services.start("wait");
  services.jobs().stop();
  CHECK(refusal_of([&] { services.start("wait"); }) == "503 The server is stopping.");
  services.close();
  CHECK(services.await_end(id) == "failed: The server stopped while the job was running.");
}

TEST_CASE("a stop leaves a moment to jobs that are about to end") {
  JobSettings settings;
  settings.stop_grace_ms = 60'000;
  JobServices services(settings);
  services.code.define_waiting("wait");
  const std::string id = services.start("wait");
  std::thread ending([&] { services.code.let_go("wait"); });
  services.jobs().stop();
  ending.join();
  CHECK(services.await_end(id) == "succeeded: ");
}

TEST_CASE("what a crash left running has failed at the next start") {
  JobServices services;
  services.code.define("quick", [](const CloudCall&) { return Json{{"message", "done"}}; });
  const std::string ended = services.start("quick");
  services.await_end(ended);
  services.close();
  insert(services.store(), "_JobStatus", "again", {{"jobName", "x"}, {"status", "running"}, {"message", "half"}});
  services.open();
  CHECK(text_of_member(services.run_row("again"), "status") == "running");
  services.jobs().fail_interrupted();
  CHECK(services.await_end("again") == "failed: The server stopped while the job was running.");
  CHECK(find_member(services.run_row("again"), "finishedAt") != nullptr);
  CHECK(services.await_end(ended) == "succeeded: done");
}

TEST_CASE("the history keeps the newest runs, and those that run whatever their number") {
  JobSettings settings = JobServices::quick_stop();
  settings.history_limit = 3;
  JobServices services(settings);
  services.code.define("quick", [](const CloudCall&) { return Json::object(); });
  services.code.define_waiting("wait");
  const std::string running = services.start("wait");
  std::vector<std::string> ids;
  for (int i = 0; i < 6; ++i) {
    ids.push_back(services.start("quick"));
    services.await_end(ids.back());
  }
  CHECK(services.runs() == 5);  // three that had ended when the last began, that one, and the one that waits
  CHECK(services.run_row(ids[1]).is_null());
  CHECK_FALSE(services.run_row(ids[2]).is_null());
  CHECK_FALSE(services.run_row(running).is_null());
}

TEST_CASE("what a job says is cut where it is very long, and very large params are not kept") {
  JobServices services;
  std::string umlauts = "a";
  for (int i = 0; i < 6000; ++i) umlauts += "ä";
  services.code.define("long", [&](const CloudCall&) { return Json{{"message", umlauts}}; });
  const std::string id = services.start("long", {{"text", std::string(200'000, 'x')}});
  const std::string end = services.await_end(id);
  CHECK(end == "succeeded: " + umlauts.substr(0, 9999) + "…");
  CHECK(find_member(services.run_row(id), "params") == nullptr);
}

TEST_CASE("a claim that throws undoes the start") {
  JobServices services;
  services.code.define("quick", [](const CloudCall&) { return Json::object(); });
  const auto claim = [](Transaction&) { throw Error(error_code::kValidationError, "not now"); };
  CHECK(refusal_of([&] { services.jobs().start(kMasterOfJobs, {"quick", Json::object(), "schedule", claim, {}}); }) == "142 not now");
  CHECK(services.runs() == 0);
}

TEST_CASE("many jobs at once all end") {
  JobSettings settings = JobServices::quick_stop();
  settings.max_running = 500;
  JobServices services(settings);
  std::atomic<int> ran = 0;
  services.code.define("quick", [&](const CloudCall& call) {
    call.on_message("x");
    ++ran;
    return Json{{"message", "done"}};
  });
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::vector<std::string> ids;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        const std::string id = services.start("quick");
        const std::lock_guard lock(mutex);
        ids.push_back(id);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& id : ids) CHECK(services.await_end(id) == "succeeded: done");
  CHECK(ran == 200);
}

}  // namespace
}  // namespace parsimony
