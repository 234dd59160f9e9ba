// Cloud Code's JavaScript in its own engine, with a host made of plain functions: files from an object, answers from the test.
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core';

const sources = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../src/cloud/javascript');
const load = (file) => import(pathToFileURL(path.join(sources, file)));

const { bundle } = await load('bundle.mjs');
const { default: variant } = await load('node_modules/@jitl/quickjs-wasmfile-release-sync/dist/index.mjs');
const script = await bundle();
const quickjs = await newQuickJSWASMModuleFromVariant(variant);

const kDefaults = {
  applicationId: 'app',
  javascriptKey: 'js',
  masterKey: 'master',
  serverURL: 'http://localhost:1337/parse',
  mount: '/parse',
};

const digest = ({ algorithm, data, key }) => {
  const bytes = Buffer.from(data, 'base64');
  const made = key === undefined ? createHash(algorithm) : createHmac(algorithm, Buffer.from(key, 'base64'));
  return { base64: made.update(bytes).digest('base64') };
};

function directoriesOf(files) {
  const directories = new Set();
  for (const file of Object.keys(files)) {
    for (let at = path.dirname(file); !directories.has(at); at = path.dirname(at)) directories.add(at);
  }
  return directories;
}

function questions(files) {
  const directories = directoriesOf(files);
  return {
    stat: ({ path: name }) => ({ kind: name in files ? 'file' : directories.has(name) ? 'directory' : 'none' }),
    read: ({ path: name }) => (name in files ? { text: files[name] } : { error: `There is no file ${name}.` }),
    random: ({ bytes }) => ({ base64: randomBytes(bytes).toString('base64') }),
    digest,
    pbkdf2: ({ password, salt, iterations, bytes, algorithm }) => ({
      base64: pbkdf2Sync(Buffer.from(password, 'base64'), Buffer.from(salt, 'base64'), iterations, bytes, algorithm).toString('base64'),
    }),
  };
}

class CloudEngine {
  constructor({ files, rest, fetch, email }) {
    Object.assign(this, {
      answers: { rest, fetch, email },
      ask: questions(files),
      logs: [],
      registered: [],
      rejections: [],
      progress: [],
      sent: [],
    });
    this.calls = new Map();
    this.timers = new Map();
    this.runtime = quickjs.newRuntime();
    this.runtime.setMaxStackSize(128 * 1024); // well below Node's own stack, on which the engine runs here
    this.vm = this.runtime.newContext();
    this.offerHost();
    this.offerConversions();
    this.run(script, 'cloud_code.js').dispose();
    this.receiver = this.vm.getProp(this.vm.global, '__parsimony_receive');
    this.loadModules();
  }

  /** A name that cannot be resolved fails when the module is loaded: this binding passes errors on from there alone. */
  loadModules() {
    const failures = new Map();
    const attempt = (run, failed) => {
      try {
        return run();
      } catch (error) {
        return failed(error);
      }
    };
    const keep = (error) => {
      failures.set(`failure ${failures.size}`, error);
      return `failure ${failures.size - 1}`;
    };
    this.runtime.setModuleLoader(
      (name) =>
        failures.has(name)
          ? { error: failures.get(name) }
          : attempt(
              () => this.callGlobal('__parsimony_source', name),
              (error) => ({ error }),
            ),
      (base, name) => attempt(() => this.callGlobal('__parsimony_resolve', base, name), keep),
    );
  }

  run(source, file) {
    return this.vm.unwrapResult(this.vm.evalCode(source, file));
  }

  callGlobal(name, ...args) {
    const made = args.map((arg) => this.vm.newString(arg));
    const target = this.vm.getProp(this.vm.global, name);
    const result = this.vm.unwrapResult(this.vm.callFunction(target, this.vm.undefined, ...made));
    const text = this.vm.getString(result);
    for (const handle of [...made, target, result]) handle.dispose();
    return text;
  }

  offerHost() {
    const { vm } = this;
    const offer = (name, run) => vm.newFunction(name, run).consume((handle) => vm.setProp(vm.global, name, handle));
    offer('__host_send', (text) => {
      this.onSent(JSON.parse(vm.getString(text)));
    });
    offer('__host_ask', (text) => {
      const { op, ...question } = JSON.parse(vm.getString(text));
      return vm.newString(JSON.stringify(this.ask[op]?.(question) ?? { error: `unknown question ${op}` }));
    });
    offer('__host_compile', (source, file, kind) =>
      vm.evalCode(vm.getString(source), vm.getString(file), { type: kind ? 'module' : 'global' }),
    );
  }

  offerConversions() {
    const { vm } = this;
    const offer = (name, run) => vm.newFunction(name, run).consume((handle) => vm.setProp(vm.global, name, handle));
    offer('__host_bytes', (text, encoding) => {
      const bytes = Buffer.from(vm.getString(text), vm.getString(encoding));
      return vm.newArrayBuffer(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    });
    offer('__host_text', (buffer, encoding) => {
      const text = vm.getArrayBuffer(buffer).consume(({ value }) => Buffer.from(value).toString(vm.getString(encoding)));
      return text.includes('\0') ? vm.undefined : vm.newString(text);
    });
  }

  onSent(message) {
    this.sent.push(message);
    const { type, ...rest } = message;
    const handlers = {
      log: () => this.logs.push(rest),
      register: () => this.registered.push(rest),
      rejection: () => this.rejections.push(rest),
      progress: () => this.progress.push(rest),
      loaded: () => this.loaded(rest.error),
      done: () => this.calls.get(rest.id)(rest),
      timer: () =>
        this.timers.set(
          rest.id,
          setTimeout(() => this.receive({ type: 'timer', id: rest.id }), rest.ms),
        ),
      clearTimer: () => clearTimeout(this.timers.get(rest.id)),
      cancel: () => {},
    };
    if (handlers[type]) handlers[type]();
    else this.answer(type, rest);
  }

  async answer(type, message) {
    const answer = await this.answers[type](message);
    if (answer !== undefined) this.receive({ type, id: message.id, ...answer });
  }

  receive(message) {
    if (!this.vm.alive) return;
    const text = this.vm.newString(JSON.stringify(message));
    this.vm.unwrapResult(this.vm.callFunction(this.receiver, this.vm.undefined, text)).dispose();
    text.dispose();
    this.vm.unwrapResult(this.runtime.executePendingJobs());
  }

  load(main, config, env) {
    return new Promise((resolve) => {
      this.loaded = resolve;
      this.receive({ type: 'load', main, config: { ...kDefaults, ...config }, env });
    });
  }

  /** {result} or {error} of a call. */
  call(kind, name, request = {}, className = undefined) {
    const id = `call ${this.calls.size}`;
    return new Promise((resolve) => {
      this.calls.set(id, ({ result, error }) => resolve(error ? { error } : { result }));
      this.receive({ type: 'call', id, kind, name, className, request });
    });
  }

  /** The result alone of a function that must succeed. */
  async result(name, params = {}, request = {}) {
    const { result, error } = await this.call('function', name, { params, ...request });
    if (error) throw new Error(`${name} failed: ${JSON.stringify(error)}`);
    return result.result;
  }

  trigger(name, className, request) {
    return this.call('trigger', name, request, className);
  }

  texts(level) {
    return this.logs.filter((line) => !level || line.level === level).map((line) => line.message);
  }
}

const noRest = () => ({ status: 404, body: { code: 101, error: 'Object not found.' } });

/** Loads a main file: its text, or an object of files below /app with `main` among them. `loadError` holds what loading threw. */
export async function startCloud(code, { main = '/app/cloud/main.js', rest = noRest, fetch, email, config, env = {} } = {}) {
  const files = typeof code === 'string' ? { [main]: code } : code;
  const engine = new CloudEngine({ files, rest, fetch, email });
  engine.loadError = await engine.load(main, config, env);
  return engine;
}
