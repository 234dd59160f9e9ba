// The modules of Node.js that Cloud Code has, and the names of those that it has not.
import * as assert from './assert.js';
import * as crypto from './crypto.js';
import * as fs from './fs.js';
import * as os from './os.js';
import * as querystring from './querystring.js';
import * as timers from '../timers.js';
import * as timersPromises from './timers_promises.js';
import * as url from './url.js';
import * as util from './util.js';
import { bufferModule } from './buffer.js';
import { createRequire } from '../modules.js';
import { httpModule } from './http.js';
import { refusing } from './refusing.js';
import { packaged } from './packages.js';
import { Parse } from '../sdk.js';
import { console } from '../console.js';
import { process } from './process.js';
import { streamModule } from './streams.js';

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
  stream: () => streamModule(),
  string_decoder: () => packaged('string_decoder'),
  timers: () => ({ ...timers, promises: coreModule('timers/promises') }),
  'timers/promises': () => timersPromises,
  tty: () => ({ isatty: () => false }),
  url: () => url,
  util: () => util,
  'util/types': () => util.types,
};

function events() {
  const EventEmitter = packaged('events');
  return Object.assign(EventEmitter, { EventEmitter });
}

/** Modules that packages name in passing: there, and refusing what is called. */
const refused = ['dns', 'http2', 'net', 'tls', 'zlib'];

const absent = new Set([
  ...['async_hooks', 'child_process', 'cluster', 'constants', 'dgram', 'diagnostics_channel', 'dns/promises', 'domain'],
  ...['inspector', 'readline', 'readline/promises', 'repl', 'stream/promises', 'stream/web', 'sys', 'test', 'trace_events'],
  ...['v8', 'vm', 'wasi', 'worker_threads'],
]);

for (const name of refused) modules[name] = () => refusing(name);

const made = new Map();

/** Adds a module that Node has, and that is here only now and then. */
export function offerCore(name, make) {
  modules[name] = make;
}

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
