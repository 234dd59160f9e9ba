// The modules of Node.js that Cloud Code has, and the names of those that it has not.
import * as assert from './assert.js';
import * as crypto from './crypto.js';
import * as fs from './fs.js';
import * as os from './os.js';
import * as querystring from './querystring.js';
import * as timers from '../timers.js';
import * as url from './url.js';
import * as util from './util.js';
import { bufferModule } from './buffer.js';
import { createRequire } from '../modules.js';
import { httpModule } from './http.js';
import { packaged } from './packages.js';
import { Parse } from '../sdk.js';
import { console } from '../console.js';
import { process } from './process.js';

const sleep = (ms, value) => new Promise((resolve) => timers.setTimeout(resolve, ms, value));

const modules = {
  assert: () => Object.assign(assert.ok, assert),
  'assert/strict': () => Object.assign(assert.ok, assert),
  buffer: () => ({ ...bufferModule(), Blob, File, atob, btoa }),
  console: () => console,
  crypto: () => crypto,
  events: () => events(),
  fs: () => fs,
  'fs/promises': () => fs.promises,
  http: () => httpModule('http'),
  https: () => httpModule('https'),
  module: () => ({ createRequire, builtinModules: Object.keys(modules) }),
  os: () => os,
  parse: () => Parse,
  'parse/node': () => Parse,
  path: () => packaged('path'),
  'path/posix': () => packaged('path'),
  perf_hooks: () => ({ performance: globalThis.performance }),
  process: () => process,
  punycode: () => ({ toASCII: (name) => new URL(`http://${name}`).hostname }),
  querystring: () => querystring,
  stream: () => packaged('stream'),
  string_decoder: () => packaged('string_decoder'),
  timers: () => timers,
  'timers/promises': () => ({ setTimeout: sleep, setImmediate: (value) => sleep(0, value) }),
  tty: () => ({ isatty: () => false }),
  url: () => url,
  util: () => util,
  'util/types': () => util.types,
};

function events() {
  const EventEmitter = packaged('events');
  return Object.assign(EventEmitter, { EventEmitter });
}

const absent = new Set([
  ...['async_hooks', 'child_process', 'cluster', 'constants', 'dgram', 'diagnostics_channel', 'dns', 'dns/promises', 'domain', 'http2'],
  ...['inspector', 'net', 'readline', 'readline/promises', 'repl', 'stream/promises', 'stream/web', 'sys', 'test', 'tls', 'trace_events'],
  ...['v8', 'vm', 'wasi', 'worker_threads', 'zlib'],
]);

const made = new Map();

export const isCore = (name) => Object.hasOwn(modules, name);

/** Whether Node has a module of this name, here or not. */
export const isNodeModule = (name) => isCore(name) || absent.has(name);

export function coreModule(name) {
  if (!made.has(name)) {
    const module = modules[name]();
    made.set(name, Object.prototype.toString.call(module) === '[object Module]' ? { ...module } : module);
  }
  return made.get(name);
}
