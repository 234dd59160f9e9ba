#include "cloud/engine/javascript_engine.h"

#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

#include "unit/cloud/on_engine_thread.h"

namespace parsimony {
namespace {

using namespace std::chrono_literals;

constexpr auto kNever = JavaScriptEngine::Clock::time_point::max();

JavaScriptEngine::Host silent() {
  return {[](std::string) {}, [](const std::string& text) { return text; }};
}

// What the script's value is as text, or what it threw.
std::string value_of(JavaScriptEngine& engine, std::string_view source) {
  try {
    return engine.evaluate(source, "test.js");
  } catch (const JavaScriptError& error) {
    return std::string("threw ") + error.what();
  }
}

std::string value_of(std::string_view source, JavaScriptEngine::Limits limits = {}) {
  std::string value;
  on_engine_thread([&] {
    JavaScriptEngine engine(silent(), limits);
    value = value_of(engine, source);
  });
  return value;
}

}  // namespace

TEST_CASE("an engine evaluates scripts") {
  CHECK(value_of("1 + 1") == "2");
  CHECK(value_of("[1n ** 3n, 'ä€😀', typeof Promise].join()") == "1,ä€😀,function");
  CHECK(value_of("new Date(0).toISOString()") == "1970-01-01T00:00:00.000Z");
}

TEST_CASE("what a script throws names file, line and column") {
  std::string message, stack, syntax;
  on_engine_thread([&] {
    JavaScriptEngine engine(silent(), {});
    try {
      engine.evaluate("function save() {\n  missing();\n}\nsave();", "main.js");
    } catch (const JavaScriptError& error) {
      message = error.what();
      stack = error.stack();
    }
    try {
      engine.evaluate("let a = 1;\nlet b = ;", "broken.js");
    } catch (const JavaScriptError& error) {
      syntax = std::string(error.what()) + error.stack();
    }
  });
  CHECK(message == "ReferenceError: 'missing' is not defined");
  CHECK(stack.find("save (main.js:2:") != std::string::npos);
  CHECK(stack.find("main.js:4:") != std::string::npos);
  CHECK(syntax.find("broken.js:2:9") != std::string::npos);
}

TEST_CASE("anything can be thrown") {
  CHECK(value_of("throw null") == "threw null");
  CHECK(value_of("throw 'text'") == "threw text");
  CHECK(value_of("throw {toString() { throw 1 }}") == "threw an error that has no text");
  CHECK(value_of("throw Object.defineProperty(new Error('a'), 'stack', {get() { throw 1 }})") == "threw Error: a");
}

TEST_CASE("host and script speak") {
  std::vector<std::string> sent;
  std::string answer, failed;
  on_engine_thread([&] {
    const JavaScriptEngine::Host host{[&](std::string text) { sent.push_back(std::move(text)); },
                                      [](const std::string& text) -> std::string {
                                        if (text == "bad") throw std::runtime_error("not that");
                                        return "<" + text + ">";
                                      }};
    JavaScriptEngine engine(host, {});
    engine.evaluate("globalThis.__parsimony_receive = (text) => Promise.resolve().then(() => __host_send('got ' + text))", "test.js");
    engine.receive("ä\"");
    CHECK_FALSE(engine.run_jobs(kNever));
    answer = value_of(engine, "__host_ask('a') + __host_ask('')");
    failed = value_of(engine, "try { __host_ask('bad') } catch (error) { error instanceof Error && error.message }");
  });
  CHECK(sent == std::vector<std::string>{"got ä\""});
  CHECK(answer == "<a><>");
  CHECK(failed == "not that");
}

TEST_CASE("the host turns texts into bytes and back") {
  const auto bytes = [](const std::string& text, const std::string& encoding) {
    return value_of("const made = __host_bytes('" + text + "', '" + encoding + "'); made && [...new Uint8Array(made)].join()");
  };
  CHECK(bytes("a\u00e4", "utf8") == "97,195,164");
  CHECK(bytes("AP8=", "base64") == "0,255");
  CHECK(bytes("_-8", "base64") == "255,239");
  CHECK(bytes("!", "base64") == "undefined");
  CHECK(value_of("__host_bytes('', 'utf8').byteLength") == "0");
  const auto text = [](const std::string& list, const std::string& encoding) {
    return value_of("__host_text(new Uint8Array([" + list + "]).buffer, '" + encoding + "')");
  };
  CHECK(text("97,195,164", "utf8") == "a\u00e4");
  CHECK(text("0,255", "base64") == "AP8=");
  CHECK(text("97,0", "utf8") == "undefined");
  CHECK(text("195,40", "utf8") == "undefined");
  CHECK(text("237,160,128", "utf8") == "undefined");
  CHECK(value_of("try { __host_text('a', 'utf8') } catch (error) { error.message }") == "bytes and an encoding are needed");
  CHECK(value_of("try { __host_text() } catch (error) { error.message }") == "bytes and an encoding are needed");
  CHECK(value_of("try { __host_bytes('a') } catch (error) { error.message }") == "a text and its encoding are needed");
}

TEST_CASE("a script compiles another under its own name") {
  CHECK(value_of("__host_compile('(function () { return 7 })', 'lib.js')()") == "7");
  CHECK(value_of("try { __host_compile('\\n  throw new Error(\"x\")', 'lib.js') } catch (error) { error.stack }").find("lib.js:2:") !=
        std::string::npos);
  CHECK(value_of("try { __host_compile('a') } catch (error) { error.message }") == "a source and a file name are needed");
}

TEST_CASE("modules come from the script's own loader") {
  const std::string loader =
      "globalThis.__parsimony_resolve = (base, name) => { if (name === 'bad') throw new Error('cannot find bad'); return '/' + name };"
      "globalThis.__parsimony_source = (name) => { if (name === '/none') throw new Error('no file ' + name);"
      "  return name === '/a' ? 'import b from \"b\"; export default b + 1;' : 'export default 1;' };";
  const auto import_of = [&](const std::string& name) {
    std::string value;
    on_engine_thread([&] {
      JavaScriptEngine engine(silent(), {});
      engine.evaluate(
          loader + "var value = 'pending'; import('" + name + "').then((m) => { value = m.default }, (e) => { value = e.message })",
          "/main.js");
      engine.run_jobs(kNever);
      value = engine.evaluate("value", "test.js");
    });
    return value;
  };
  CHECK(import_of("a") == "2");
  CHECK(import_of("none") == "no file /none");
  CHECK(import_of("bad") == "cannot find bad");
}

TEST_CASE("a deadline interrupts what runs, and the engine goes on") {
  const char* scripts[] = {"for (;;) {}", "/^(a+)+$/.test('a'.repeat(40) + 'b')", "try { for (;;) {} } catch { 'caught' }",
                           "let a = []; for (let i = 0; i < 1e5; ++i) a[i] = i % 1000; for (;;) a.sort((x, y) => y - x)"};
  for (const char* script : scripts) {
    std::string value, later;
    bool interrupted = false, interrupted_later = true;
    on_engine_thread([&] {
      JavaScriptEngine engine(silent(), {});
      engine.set_deadline(JavaScriptEngine::Clock::now() + 50ms);
      value = value_of(engine, script);
      interrupted = engine.interrupted();
      engine.set_deadline(JavaScriptEngine::Clock::time_point::max());
      later = value_of(engine, "'alive'");
      interrupted_later = engine.interrupted();
    });
    CHECK(value == "threw InternalError: interrupted");
    CHECK(interrupted);
    CHECK(later == "alive");
    CHECK_FALSE(interrupted_later);
  }
}

TEST_CASE("jobs that never end are interrupted, or left") {
  bool left = true, interrupted = false, left_alone = false;
  on_engine_thread([&] {
    JavaScriptEngine engine(silent(), {});
    engine.set_deadline(JavaScriptEngine::Clock::now() + 50ms);
    engine.evaluate("const again = () => { Promise.resolve().then(again) }; again()", "test.js");
    left = engine.run_jobs(kNever);
    interrupted = engine.interrupted();
    engine.set_deadline(kNever);
    engine.evaluate("again()", "test.js");
    left_alone = engine.run_jobs(JavaScriptEngine::Clock::now() + 50ms);
  });
  CHECK_FALSE(left);
  CHECK(interrupted);
  CHECK(left_alone);
}

TEST_CASE("memory beyond the limit is an exception of the script") {
  const JavaScriptEngine::Limits limits{std::size_t{32} << 20};
  std::string value, later;
  bool noticed = false;
  std::size_t bytes = 0;
  on_engine_thread([&] {
    JavaScriptEngine engine(silent(), limits);
    value = value_of(engine, "{ const all = []; for (;;) all.push('x'.repeat(65536) + all.length) }");
    noticed = engine.out_of_memory();
    bytes = engine.memory_bytes();
    later = value_of(engine, "'alive'");
  });
  CHECK(value.substr(0, 6) == "threw ");
  CHECK(noticed);
  CHECK(bytes <= limits.memory_bytes);
  CHECK(later == "alive");
  CHECK(value_of("try { 'x'.repeat(1e9) } catch (error) { 'caught' }", limits) == "caught");
}

TEST_CASE("deep recursion is an exception of the script") {
  CHECK(value_of("const f = (n) => 1 + f(n + 1); try { f(0) } catch (error) { error.name }") == "InternalError");
  CHECK(value_of("try { JSON.parse('['.repeat(1e6)) } catch (error) { error.message }") == "stack overflow");
  CHECK(value_of("try { (0, eval)('('.repeat(1e6)) } catch (error) { error.message }") == "stack overflow");
  CHECK(value_of("let a = []; for (let i = 0; i < 1e5; ++i) a = [a]; try { String(a) } catch (error) { error.message }") ==
        "stack overflow");
}

TEST_CASE("functions of the host are called as deep as JavaScript goes") {
  CHECK(value_of("const f = () => { __host_ask('a'); f() }; try { f() } catch (error) { error.message }") == "stack overflow");
}

TEST_CASE("a condemned engine ends, whatever it is doing") {
  const char* scripts[] = {"for (;;) {}", "Array.prototype.indexOf.call({length: 2 ** 53 - 1}, 1)",
                           "2n ** 1000000n % 3n; for (;;) (3n ** 700000n).toString()"};
  for (const char* script : scripts) {
    std::string lost;
    on_engine_thread([&] {
      JavaScriptEngine engine(silent(), {});
      std::thread watchdog([&] {
        std::this_thread::sleep_for(50ms);
        engine.condemn();
      });
      try {
        engine.evaluate(script, "test.js");
      } catch (const EngineLost& error) {
        lost = error.what();
      } catch (const JavaScriptError& error) {
        lost = std::string("threw ") + error.what();
      }
      watchdog.join();
    });
    CHECK(lost == "it was stopped");
  }
}

TEST_CASE("copies of an engine share nothing that they write") {
  std::vector<std::string> values, random;
  on_engine_thread([&] {
    JavaScriptEngine original(silent(), {});
    original.evaluate("var state = {count: 1}; globalThis.__parsimony_receive = (text) => { state.count += Number(text) }", "main.js");
    original.receive("1");
    const auto snapshot = original.snapshot();
    original.receive("100");
    JavaScriptEngine first(*snapshot, silent(), {}), second(*snapshot, silent(), {});
    first.receive("10");
    for (JavaScriptEngine* engine : {&original, &first, &second}) {
      values.push_back(engine->evaluate("state.count", "test.js"));
      random.push_back(engine->evaluate("Math.random()", "test.js"));
    }
  });
  CHECK(values == std::vector<std::string>{"102", "12", "2"});
  CHECK(random[0] != random[1]);
  CHECK(random[1] != random[2]);
  CHECK(random[0] != random[2]);
}

TEST_CASE("a copy outlives its original and grows") {
  std::string value;
  on_engine_thread([&] {
    std::shared_ptr<const EngineSnapshot> snapshot;
    {
      JavaScriptEngine original(silent(), {});
      original.evaluate("var text = 'x'.repeat(20e6)", "main.js");
      snapshot = original.snapshot();
    }
    JavaScriptEngine copy(*snapshot, silent(), {});
    snapshot.reset();
    value = copy.evaluate("(text + text + text).length", "test.js");
  });
  CHECK(value == "60000000");
}

}  // namespace parsimony
