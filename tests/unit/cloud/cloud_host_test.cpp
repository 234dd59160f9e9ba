#include "cloud/host/cloud_host.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <thread>

#include "common/error.h"
#include "unit/cloud/cloud_code_folder.h"

namespace parsimony {
namespace {

using namespace std::chrono_literals;

CloudOutside nothing_outside() {
  return {[](const RestCall&) -> RestAnswer { throw Error(101, "nothing here"); },
          [](const net::HttpCall&, const net::CancelFlag&) -> net::HttpAnswer { throw net::NetError(net::Fault::Forbidden, "no network"); },
          {}};
}

// A host with code.
struct Fixture {
  explicit Fixture(std::string_view code, CloudLimits limits = {}, CloudOutside outside = nothing_outside())
      : folder(code), host({kSmallScript, Json::object(), limits}, std::move(outside)) {
    if (const auto error = host.load({folder.main(), Json{{"A", "b"}}})) FAIL(error->message << "\n" << error->stack);
  }

  Json run(const std::string& name, Json request = Json::object()) { return host.run({CloudKind::Function, name, "", std::move(request)}); }

  // The result, or "code message".
  std::string outcome(const std::string& name, Json request = Json::object()) {
    try {
      return to_json_text(run(name, std::move(request)));
    } catch (const Error& error) {
      return std::to_string(error.code().value_or(-1)) + " " + error.message();
    }
  }

  CloudCodeFolder folder;
  CloudHost host;
};

}  // namespace

TEST_CASE("functions run and their errors come through") {
  Fixture cloud(
      "define('hello', async ({name}) => 'Hello ' + name);"
      "define('nothing', () => undefined);"
      "define('fails', () => { throw {code: 777, toString() { return 'x' }} });"
      "define('throws', async () => { throw new Error('no') });"
      "define('throwsNull', async () => { throw null });");
  CHECK(cloud.outcome("hello", {{"name", "wörld"}}) == R"("Hello wörld")");
  CHECK(cloud.outcome("nothing") == "{}");
  CHECK(cloud.outcome("throws") == "141 no");
  CHECK(cloud.outcome("throwsNull") == "141 ");
  CHECK(cloud.outcome("fails").substr(0, 3) == "777");
}

TEST_CASE("the host knows what the code defines") {
  Fixture cloud(
      "define('b', () => 1); define('a', () => 1); define('a', () => 2); job('j', () => 1); trigger('beforeSave', 'Order', () => 3)");
  CHECK_FALSE(cloud.host.is_empty());
  CHECK(cloud.host.function_names() == std::vector<std::string>{"a", "b"});
  CHECK(cloud.host.job_names() == std::vector<std::string>{"j"});
  CHECK(cloud.host.has_function("a"));
  CHECK_FALSE(cloud.host.has_function("j"));
  CHECK(cloud.host.has_job("j"));
  CHECK(cloud.host.has_trigger("beforeSave", "Order"));
  CHECK_FALSE(cloud.host.has_trigger("beforeSave", "Other"));
  CHECK(cloud.host.has_trigger_anywhere("beforeSave"));
  CHECK_FALSE(cloud.host.has_trigger_anywhere("afterSave"));
  CHECK(cloud.host.run({CloudKind::Trigger, "beforeSave", "Order"}) == 3);
  CHECK(cloud.outcome("a") == "2");
}

TEST_CASE("code that does not load says where") {
  CloudCodeFolder folder("let a = 1;\nmissing();");
  CloudLimits limits;
  limits.run_time = 200ms;
  CloudHost host({kSmallScript, {}, limits}, nothing_outside());
  auto error = host.load(folder.main());
  REQUIRE(error);
  CHECK(error->message == "'missing' is not defined");
  CHECK(error->stack.find("main.js:2:") != std::string::npos);
  CHECK(host.is_empty());
  folder.write("main.js", "let a = 1;\nlet b = ;");
  error = host.load(folder.main());
  REQUIRE(error);
  CHECK(error->stack.find("main.js:2:9") != std::string::npos);
  folder.write("main.js", "for (;;) {}");
  error = host.load(folder.main());
  REQUIRE(error);
  CHECK(error->message == "main.js ran for more than 0.2 s without a pause and was interrupted.");
  CHECK_THROWS_AS(host.run({CloudKind::Function, "a", ""}), Error);
}

TEST_CASE("an engine that cannot be started is an error of loading") {
  CloudCodeFolder folder("define('a', () => 1)");
  CloudHost host({"throw new Error('no start')", {}, {}, {}}, nothing_outside());
  const auto error = host.load(folder.main());
  REQUIRE(error);
  CHECK(error->message == "The JavaScript engine could not be started.");
  CHECK(host.is_empty());
}

TEST_CASE("loading waits for what the main file awaits") {
  Fixture cloud("await sleep(20); define('late', () => 'there')");
  CHECK(cloud.outcome("late") == R"("there")");
}

TEST_CASE("REST calls go out with their chain and come back") {
  std::vector<RestCall> calls;
  CloudOutside outside = nothing_outside();
  outside.rest = [&](const RestCall& call) -> RestAnswer {
    calls.push_back(call);
    if (call.path == "/bad") throw Error(119, "refused");
    if (call.path == "/accident") throw std::runtime_error("secret");
    return {201, R"({"objectId":"x"})", {{"location", "here"}}};
  };
  Fixture cloud(
      "define('save', async () => {"
      "  const answer = await rest({method: 'POST', path: '/classes/A', body: {a: 1}, useMasterKey: true, sessionToken: 's', context: {c: "
      "1}});"
      "  return [answer.status, answer.body.objectId, answer.headers.location] });"
      "define('bad', async () => { const {status, body} = await rest({method: 'GET', path: '/bad'}); return [status, body] });"
      "define('accident', async () => (await rest({method: 'GET', path: '/accident'})).body)",
      {}, outside);
  CHECK(cloud.outcome("save") == R"([201,"x","here"])");
  CHECK(cloud.outcome("bad") == R"([400,{"code":119,"error":"refused"}])");
  CHECK(cloud.outcome("accident") == R"({"code":1,"error":"Internal server error."})");
  REQUIRE(calls.size() == 3);
  CHECK(calls[0].method == "POST");
  CHECK(calls[0].path == "/classes/A");
  CHECK(calls[0].body == Json{{"a", 1}});
  CHECK(calls[0].use_master_key);
  CHECK(calls[0].session_token == "s");
  CHECK(calls[0].context == Json{{"c", 1}});
  CHECK(calls[0].chain == std::vector<std::string>{"save"});
  CHECK_FALSE(calls[1].use_master_key);
  CHECK(calls[1].session_token.empty());
}

TEST_CASE("calls within calls know their way, and more of them than there are places come to an end") {
  CloudHost* host = nullptr;
  std::atomic<std::size_t> deepest = 0;
  CloudOutside outside = nothing_outside();
  outside.rest = [&](const RestCall& call) -> RestAnswer {
    if (call.chain.size() > deepest) deepest = call.chain.size();
    if (call.chain.size() < 5) host->run({CloudKind::Trigger, "beforeSave", "A", Json::object(), call.chain});
    return {200, to_json_text(Json(call.chain)), {}};
  };
  Fixture cloud(
      "trigger('beforeSave', 'A', async () => { await rest({method: 'POST', path: '/classes/A'}) });"
      "define('top', async () => (await rest({method: 'POST', path: '/classes/A'})).body)",
      {}, outside);
  host = &cloud.host;
  std::vector<std::future<std::string>> calls;
  for (int i = 0; i < 100; ++i) calls.push_back(std::async(std::launch::async, [&] { return cloud.outcome("top"); }));
  for (auto& call : calls) CHECK(call.get() == R"(["top"])");
  CHECK(deepest == 5);
}

TEST_CASE("fetch goes out, fails and is cancelled") {
  CloudOutside outside = nothing_outside();
  outside.fetch = [](const net::HttpCall& call, const net::CancelFlag& cancel) -> net::HttpAnswer {
    if (call.url == "http://slow/") {
      while (!cancel.is_cancelled()) std::this_thread::yield();
      throw net::NetError(net::Fault::Cancelled, "cancelled");
    }
    net::HttpAnswer answer;
    answer.status = 200;
    answer.url = call.url;
    answer.headers = {{"a", "1"}, {"a", "2"}};
    answer.body = std::string("\0\xff", 2) + call.method + std::to_string(call.total_time.count());
    return answer;
  };
  Fixture cloud(
      "define('get', async () => { const {status, url, headers, body} = await get('http://x/', {timeoutMs: 5}); return [status, url, "
      "headers, body] });"
      "define('slow', async () => { const answer = get('http://slow/'); cancel(); return (await answer).error })",
      {}, outside);
  CHECK(cloud.outcome("get") == R"([200,"http://x/",[["a","1"],["a","2"]],"AP9HRVQ1"])");
  CHECK(cloud.outcome("slow") == R"("cancelled")");
  Fixture closed("define('get', async () => (await get('http://x/')).error); define('mail', async () => (await email({})).notSetUp)");
  CHECK(closed.outcome("get") == R"("no network")");
  CHECK(closed.outcome("mail") == "true");
}

TEST_CASE("what is nested too deeply is an error of the call") {
  Fixture cloud(
      "const deep = () => { let value = 1; for (let i = 0; i < 300; ++i) value = [value]; return value };"
      "define('answer', deep); define('ask', async () => (await rest({method: 'POST', path: '/x', body: deep()})).body.code)");
  CHECK(cloud.outcome("answer").substr(0, 47) == "141 The answer of Cloud Code cannot be read: ne");
  CHECK(cloud.outcome("ask") == "107");
}

TEST_CASE("calls to the outside hold no more memory than the engine itself") {
  CloudLimits limits;
  limits.memory_bytes = std::size_t{32} << 20;
  std::atomic<bool> open = false;
  CloudOutside outside = nothing_outside();
  outside.rest = [&](const RestCall&) -> RestAnswer {
    while (!open) std::this_thread::yield();
    return {200, "{}", {}};
  };
  Fixture cloud(
      "const large = (seen) => rest({method: 'POST', path: '/x', body: 'x'.repeat(1 << 20)}).then(({status}) => seen?.push(status));"
      "define('flood', async () => { const seen = [];"
      "  for (let i = 0; i < 50; ++i) { large(seen); await sleep(1) }"
      "  return [seen.length >= 10, seen.every((status) => status === 503)] });"
      "define('shout', () => { let failure; const failed = (error) => { failure = error.message };"
      "  for (let i = 0; i < 50; ++i) large().catch(failed);"
      "  return sleep(1).then(() => failure) })",
      limits, outside);
  CHECK(cloud.outcome("flood") == "[true,true]");
  CHECK(cloud.outcome("shout") == R"("Too many messages without a pause.")");
  open = true;
}

TEST_CASE("timers come in their order") {
  Fixture cloud(
      "define('order', async () => { const seen = []; await Promise.all([30, 10, 20].map(async (ms) => { await sleep(ms); seen.push(ms) "
      "})); return seen })");
  CHECK(cloud.outcome("order") == "[10,20,30]");
}

TEST_CASE("jobs tell how far they are") {
  Fixture cloud("job('work', async (request, message) => { message('half'); await sleep(1); message('all'); return 'done' })");
  std::vector<std::string> said;
  CloudCall call{CloudKind::Job, "work", ""};
  call.on_message = [&](const std::string& message) { said.push_back(message); };
  CHECK(cloud.host.run(call) == "done");
  CHECK(said == std::vector<std::string>{"half", "all"});
}

TEST_CASE("what goes wrong ends one call with a clear text, and the next one works") {
  struct Row {
    std::string body;  // of an async function
    std::string expected;
  };
  const std::string interrupted = "141 bad ran for more than 0.2 s without a pause and was interrupted.";
  const std::string stopped = "141 bad ran for more than 0.2 s without a pause and was stopped.";
  const std::string too_late = "141 bad took longer than 2 s and was given up.";
  const Row rows[] = {
      {"for (;;) {}", interrupted},
      {"await sleep(1); for (;;) {}", interrupted},
      {"for (;;) try { for (;;) {} } catch {}", interrupted},
      {"for (;;) try { await (async () => { for (;;) {} })() } catch {}", stopped},
      {"const again = () => Promise.resolve().then(again); return again()", interrupted},
      {"/^(a+)+$/.test('a'.repeat(40) + 'b')", interrupted},
      {"Array.prototype.indexOf.call({length: 2 ** 53 - 1}, 1)", stopped},
      {"'x'.repeat(1e9)", "141 "},
      {"const f = (n) => 1 + f(n + 1); return f(0)", "141 stack overflow"},
      {"throw null", "141 "},
      {"return new Promise(() => {})", too_late},
      {"return sleep(1e6)", too_late},
  };
  CloudLimits limits;
  limits.call_time = 2s;
  limits.run_time = 200ms;
  limits.grace = 200ms;
  for (const Row& row : rows) {
    INFO(row.body);
    Fixture cloud("define('alive', () => 'alive'); define('bad', async () => { " + row.body + " })", limits);
    CHECK(cloud.outcome("bad").substr(0, row.expected.size()) == row.expected);
    CHECK(cloud.outcome("alive") == R"("alive")");
  }
}

TEST_CASE("whoever takes all the memory is told so, and the next call works") {
  CloudLimits limits;
  limits.memory_bytes = std::size_t{32} << 20;
  Fixture cloud(
      "define('alive', () => 'alive');"
      "define('hog', () => { const all = []; for (;;) all.push('x'.repeat(65536) + all.length) });"
      "const kept = []; define('keep', () => { for (;;) kept.push('x'.repeat(65536) + kept.length) });"
      "define('kept', () => kept.length)",
      limits);
  for (const std::string name : {"hog", "keep", "keep"}) {
    CHECK(cloud.outcome(name) == "141 " + name + " needed more memory than the 32 MB that Cloud Code may take.");
    CHECK(cloud.outcome("alive") == R"("alive")");
    CHECK(cloud.outcome("kept") == "0");
  }
}

TEST_CASE("messages without end are interrupted") {
  CloudLimits limits;
  limits.run_time = 100ms;
  std::size_t messages = 0;
  Fixture cloud("job('say', (request, message) => { for (;;) message('x') })", limits);
  CloudCall call{CloudKind::Job, "say", ""};
  call.on_message = [&](const std::string&) { ++messages; };
  CHECK_THROWS_AS(cloud.host.run(call), Error);
  CHECK(messages <= kMaxSentMessages);
}

TEST_CASE("a lost engine ends the calls that it had, and a copy of the loaded one takes over") {
  CloudLimits limits;
  limits.run_time = 100ms;
  limits.grace = 100ms;
  Fixture cloud(
      "let count = 10; const ticks = []; (async () => { for (;;) { await sleep(5); ticks.push(1) } })();"
      "define('count', () => ++count);"
      "let waits = false; define('wait', () => { waits = true; return sleep(1e6) }); define('waits', () => waits);"
      "define('ticks', async () => { const before = ticks.length; while (ticks.length < before + 3) await sleep(1); return 'ticking' });"
      "define('native', () => Array.prototype.indexOf.call({length: 2 ** 53 - 1}, 1))",
      limits);
  CHECK(cloud.outcome("count") == "11");
  auto waiting = std::async(std::launch::async, [&] { return cloud.outcome("wait"); });
  while (cloud.outcome("waits") != "true") std::this_thread::yield();
  CHECK(cloud.outcome("native") == "141 native ran for more than 0.1 s without a pause and was stopped.");
  CHECK(waiting.get() == "141 The JavaScript engine had to be stopped: native ran for more than 0.1 s without a pause and was stopped.");
  CHECK(cloud.outcome("count") == "11");
  CHECK(cloud.outcome("ticks") == R"("ticking")");
}

TEST_CASE("what loading began goes on in copies") {
  std::atomic<int> asked = 0;
  CloudOutside outside = nothing_outside();
  std::atomic<bool> open = false;
  outside.rest = [&](const RestCall&) -> RestAnswer {
    ++asked;
    while (!open) std::this_thread::yield();
    return {200, "7", {}};
  };
  CloudLimits limits;
  limits.engines = 2;
  Fixture cloud("const value = rest({method: 'GET', path: '/config'}); define('value', async () => (await value).body)", limits, outside);
  open = true;
  std::vector<std::future<std::string>> calls;
  for (int i = 0; i < 8; ++i) calls.push_back(std::async(std::launch::async, [&] { return cloud.outcome("value"); }));
  for (auto& call : calls) CHECK(call.get() == "7");
  CHECK(asked == 2);
}

TEST_CASE("a new version takes over while the old one ends its calls; a broken one changes nothing") {
  Fixture cloud("define('version', () => 1); define('wait', async () => { await rest({}); return 1 })", {}, [] {
    CloudOutside outside = nothing_outside();
    outside.rest = [](const RestCall&) -> RestAnswer {
      std::this_thread::sleep_for(100ms);
      return {200, "{}", {}};
    };
    return outside;
  }());
  std::atomic<bool> stop = false;
  std::atomic<int> calls = 0, failures = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&] {
      while (!stop) {
        const std::string outcome = cloud.outcome("version");
        if (outcome != "1" && outcome != "2") ++failures;
        ++calls;
      }
    });
  }
  auto waiting = std::async(std::launch::async, [&] { return cloud.outcome("wait"); });
  cloud.folder.write("main.js", "define('version', () => 2; broken");
  CHECK(cloud.host.load(cloud.folder.main()));
  CHECK(cloud.outcome("version") == "1");
  cloud.folder.write("main.js", "define('version', () => 2)");
  CHECK_FALSE(cloud.host.load(cloud.folder.main()));
  CHECK(cloud.outcome("version") == "2");
  for (int i = 0; i < 5; ++i) CHECK_FALSE(cloud.host.load(cloud.folder.main()));
  stop = true;
  for (std::thread& client : clients) client.join();
  CHECK(waiting.get() == "1");
  CHECK(failures == 0);
  CHECK(calls > 0);
  CHECK_FALSE(cloud.host.has_function("wait"));
}

TEST_CASE("too many unfinished calls of clients are refused, calls within calls are not") {
  CloudLimits limits;
  limits.unfinished_calls = 3;
  std::atomic<int> asked = 0;
  std::atomic<bool> open = false;
  CloudOutside outside = nothing_outside();
  outside.rest = [&](const RestCall&) -> RestAnswer {
    ++asked;
    while (!open) std::this_thread::yield();
    return {200, "{}", {}};
  };
  Fixture cloud("define('wait', async () => { await rest({}); return 1 }); define('quick', () => 2)", limits, outside);
  std::vector<std::future<std::string>> waiting;
  for (int i = 0; i < 3; ++i) waiting.push_back(std::async(std::launch::async, [&] { return cloud.outcome("wait"); }));
  while (asked < 3) std::this_thread::yield();
  try {
    cloud.run("quick");
    FAIL("it was not refused");
  } catch (const Error& error) {
    CHECK(error.http_status() == 503);
  }
  CHECK(cloud.host.run({CloudKind::Function, "quick", "", Json::object(), {"wait"}}) == 2);
  open = true;
  for (auto& call : waiting) CHECK(call.get() == "1");
  CHECK(cloud.outcome("quick") == "2");
}

TEST_CASE("stopping ends what is unfinished") {
  Fixture cloud("define('wait', () => sleep(1e6)); define('loop', () => { for (;;) {} })");
  auto waiting = std::async(std::launch::async, [&] { return cloud.outcome("wait"); });
  auto looping = std::async(std::launch::async, [&] { return cloud.outcome("loop"); });
  while (waiting.wait_for(0ms) == std::future_status::timeout && looping.wait_for(20ms) == std::future_status::timeout) cloud.host.stop();
  CHECK(waiting.get().substr(0, 4) == "141 ");
  CHECK(looping.get().substr(0, 4) == "141 ");
  CHECK(cloud.outcome("wait") == "141 wait cannot run: the server is stopping.");
}

TEST_CASE("stopping waits for calls to the outside, and refuses those that come later") {
  std::promise<void> begun, goes_on;
  std::atomic<bool> has_ended = false;
  CloudOutside outside = nothing_outside();
  outside.rest = [&](const RestCall&) {
    begun.set_value();
    goes_on.get_future().wait();
    has_ended = true;
    return RestAnswer{};
  };
  Fixture cloud("define('asks', () => rest({ method: 'GET', path: '/a' }))", {}, std::move(outside));
  auto call = std::async(std::launch::async, [&] { return cloud.outcome("asks"); });
  begun.get_future().wait();
  auto stop = std::async(std::launch::async, [&] {
    cloud.host.stop();
    return has_ended.load();
  });
  CHECK(call.get().find("stop") != std::string::npos);
  CHECK(stop.wait_for(50ms) == std::future_status::timeout);
  goes_on.set_value();
  CHECK(stop.get());
}

TEST_CASE("stopping ends a load") {
  CloudCodeFolder folder("log('loading'); await sleep(1000000);");
  CloudHost host({kSmallScript, {}, {}}, nothing_outside());
  auto load = std::async(std::launch::async, [&] { return host.load(folder.main()); });
  while (load.wait_for(1ms) == std::future_status::timeout) host.stop();
  CHECK(load.get());
  CHECK(host.is_empty());
}

TEST_CASE("unloading leaves no code") {
  Fixture cloud("define('a', () => 1)");
  CHECK(cloud.outcome("a") == "1");
  cloud.host.unload();
  CHECK(cloud.host.is_empty());
  CHECK_FALSE(cloud.host.has_function("a"));
  CHECK_FALSE(cloud.host.load(cloud.folder.main()));
  CHECK(cloud.outcome("a") == "1");
}

TEST_CASE("code reads the folder that is named for it, and no more") {
  CloudCodeFolder folder("define('ask', (question_) => question(question_))");
  folder.write("package.json", "{}");
  std::filesystem::create_directory(folder.folder() / "inner");
  folder.write("inner/main.js", "define('ask', (question_) => question(question_))");
  folder.write("inner/a.txt", "a");
  CloudHost host({kSmallScript, {}, {}}, nothing_outside());
  const std::filesystem::path inner = std::filesystem::canonical(folder.folder()) / "inner";
  const auto kind_of = [&](const std::filesystem::path& path) {
    return host.run({CloudKind::Function, "ask", "", Json{{"op", "stat"}, {"path", path.string()}}})["kind"].get<std::string>();
  };
  CloudSource source(inner / "main.js");
  REQUIRE_FALSE(host.load(source));
  CHECK(kind_of(inner.parent_path() / "package.json") == "file");
  source.folder = inner;
  REQUIRE_FALSE(host.load(source));
  CHECK(kind_of(inner / "a.txt") == "file");
  CHECK(kind_of(inner.parent_path() / "package.json") == "none");
}

TEST_CASE("questions are answered from the project's folder alone") {
  Fixture cloud("define('ask', (question_) => question(question_))");
  cloud.folder.write("a.json", "{}");
  std::filesystem::create_symlink("/etc/hostname", cloud.folder.folder() / "link");
  const auto ask = [&](Json question) { return to_json_text(cloud.run("ask", std::move(question))); };
  const std::string folder = std::filesystem::canonical(cloud.folder.folder()).string();
  CHECK(ask({{"op", "stat"}, {"path", folder + "/a.json"}}) == R"({"kind":"file"})");
  CHECK(ask({{"op", "stat"}, {"path", folder}}) == R"({"kind":"directory"})");
  CHECK(ask({{"op", "stat"}, {"path", folder + "/../"}}) == R"({"kind":"none"})");
  CHECK(ask({{"op", "stat"}, {"path", folder + "/link"}}) == R"({"kind":"none"})");
  CHECK(ask({{"op", "read"}, {"path", folder + "/a.json"}}) == R"({"text":"{}"})");
  CHECK(ask({{"op", "read"}, {"path", "/etc/passwd"}}).substr(0, 10) == R"({"error":")");
  CHECK(ask({{"op", "read"}, {"path", folder + "/link"}}).substr(0, 10) == R"({"error":")");
  CHECK(ask({{"op", "env"}}) == R"({"A":"b"})");
  CHECK(ask({{"op", "none"}}) == R"({"error":"The host cannot answer \"none\"."})");
  CHECK(ask({{"op", "digest"}, {"algorithm", "md5"}, {"data", "YWJj"}}) == R"({"base64":"kAFQmDzST7DWlj99KOF/cg=="})");
  CHECK(ask({{"op", "digest"}, {"algorithm", "sha256"}, {"data", ""}, {"key", "YQ=="}}) ==
        R"({"base64":"Os2qhrPXPo0YtwGdP1IAAFMaI9s7bdp6lK0o22GpAIw="})");
  CHECK(ask({{"op", "pbkdf2"},
             {"algorithm", "sha1"},
             {"password", "cGFzc3dvcmQ="},
             {"salt", "c2FsdA=="},
             {"iterations", 2},
             {"bytes", 20}}) == R"({"base64":"6mwBTcctb4zNHtkqzh1B8NjeiVc="})");
  CHECK(ask({{"op", "pbkdf2"}, {"algorithm", "sha1"}, {"password", ""}, {"salt", ""}, {"iterations", 1000000}, {"bytes", 1000}})
            .substr(0, 10) == R"({"error":")");
  CHECK(ask({{"op", "random"}, {"bytes", 3}}) != ask({{"op", "random"}, {"bytes", 3}}));
  CHECK(ask({{"op", "random"}, {"bytes", 1e9}}).substr(0, 10) == R"({"error":")");
}

}  // namespace parsimony
