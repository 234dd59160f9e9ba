// The part of Node's `process` that makes sense here.
import { writeLog } from '../console.js';
import { queueMicrotask } from '../timers.js';

const started = Date.now();
let directory = '/';

const missing = (name) => () => {
  throw new Error(`process.${name}() is not available in Cloud Code.`);
};

function hrtime(previous) {
  const ms = Date.now() - started;
  const time = [Math.floor(ms / 1000), (ms % 1000) * 1e6];
  if (!previous) return time;
  const nanoseconds = (time[0] - previous[0]) * 1e9 + time[1] - previous[1];
  return [Math.floor(nanoseconds / 1e9), nanoseconds % 1e9];
}
hrtime.bigint = () => BigInt(Date.now() - started) * 1000000n;

const output = (level) => ({ isTTY: false, write: (text) => (writeLog(level, String(text).replace(/\n$/, '')), true) });

export const process = {
  env: {},
  argv: [],
  execArgv: [],
  pid: 1,
  title: 'parsimony',
  platform: 'linux',
  arch: 'wasm32',
  version: 'v22.0.0',
  versions: {},
  release: { name: 'parsimony' },
  exitCode: undefined,
  stdout: output('info'),
  stderr: output('error'),
  cwd: () => directory,
  uptime: () => (Date.now() - started) / 1000,
  nextTick: (callback, ...args) => queueMicrotask(() => callback(...args)),
  hrtime,
  memoryUsage: () => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }),
  emitWarning: (warning) => writeLog('warn', String(warning?.message ?? warning)),
  exit: missing('exit'),
  abort: missing('abort'),
  kill: missing('kill'),
  chdir: missing('chdir'),
  binding: missing('binding'),
};

// Listeners are kept and never called: nothing here ends, and unhandled rejections go to the log.
for (const name of ['on', 'once', 'off', 'addListener', 'removeListener', 'removeAllListeners', 'prependListener'])
  process[name] = () => process;
process.emit = () => false;
process.listeners = () => [];
process.listenerCount = () => 0;

export function setProcess({ main, env }) {
  directory = main.replace(/\/[^/]*$/, '') || '/';
  process.argv = main ? ['parsimony', main] : ['parsimony'];
  process.env = { ...env };
}
