#pragma once
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "common/random.h"

namespace parsimony {

// The least JavaScript side of protocol.h: define(name, function), trigger(name, class, function), rest(call), get(url), sleep(ms),
// log(text), read(file).
inline constexpr std::string_view kSmallScript = R"js(
const send = globalThis.__host_send, ask = globalThis.__host_ask, compile = globalThis.__host_compile;
const entries = new Map(), pending = new Map();
let last = 0;
const post = (type, fields) => send(JSON.stringify({ type, ...fields }));
const exchange = (type, fields) => new Promise((resolve) => {
  const id = String(++last);
  pending.set(id, resolve);
  post(type, { id, ...fields });
});
globalThis.define = (name, run) => { entries.set(name, run); post('register', { kind: 'function', name }); };
globalThis.trigger = (name, className, run) => { entries.set(name + className, run); post('register', { kind: 'trigger', name, className }); };
globalThis.job = (name, run) => { entries.set(name, run); post('register', { kind: 'job', name }); };
globalThis.rest = (call) => exchange('rest', call);
globalThis.get = (url, more) => exchange('fetch', { url, method: 'GET', headers: [], ...more });
globalThis.email = (message) => exchange('email', { message });
globalThis.cancel = () => post('cancel', { id: String(last), of: 'fetch' });
globalThis.sleep = (ms) => exchange('timer', { ms });
globalThis.log = (message) => post('log', { level: 'info', message });
globalThis.question = (question) => JSON.parse(ask(JSON.stringify(question)));
const textOf = (error) => error instanceof Error ? error.message : error;
const run = async ({ id, name, className, request }) => {
  try {
    const result = await entries.get(name + (className ?? ''))(request, (message) => post('progress', { id, message }));
    post('done', { id, result });
  } catch (error) {
    post('done', { id, error: { code: error?.code ?? 141, message: textOf(error) } });
  }
};
const load = async ({ main }) => {
  try {
    await compile('(async () => {' + question({ op: 'read', path: main }).text + '\n})', main)();
    post('loaded', {});
  } catch (error) {
    post('loaded', { error: { message: textOf(error), stack: error?.stack } });
  }
};
globalThis.__parsimony_receive = (text) => {
  const message = JSON.parse(text);
  if (message.type === 'load') return void load(message);
  if (message.type === 'call') return void run(message);
  pending.get(message.id)?.(message);
  pending.delete(message.id);
};
)js";

// A folder with a main file, removed in the end.
class CloudCodeFolder {
 public:
  explicit CloudCodeFolder(std::string_view main) : folder_(std::filesystem::temp_directory_path() / ("cloud-" + random_alphanumeric(10))) {
    std::filesystem::create_directories(folder_);
    write("main.js", main);
  }
  ~CloudCodeFolder() { std::filesystem::remove_all(folder_); }
  CloudCodeFolder(const CloudCodeFolder&) = delete;
  CloudCodeFolder& operator=(const CloudCodeFolder&) = delete;

  void write(const std::string& name, std::string_view text) const { std::ofstream(folder_ / name) << text; }
  std::filesystem::path main() const { return folder_ / "main.js"; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

}  // namespace parsimony
