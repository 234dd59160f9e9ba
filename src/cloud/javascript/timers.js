// setTimeout and its family. A timer is an object, as in Node, so that `unref` and `refresh` work.
import { nextId, onMessage, send } from './host.js';
import { reportError, reportRejection } from './console.js';

const running = new Map();

class Timeout {
  constructor(callback, ms, args, repeats) {
    if (typeof callback !== 'function') throw new TypeError('The "callback" argument must be of type function');
    this.id = nextId();
    this.callback = callback;
    this.ms = Math.min(Math.max(Math.trunc(Number(ms)) || 0, 0), 2 ** 31 - 1);
    this.args = args;
    this.repeats = repeats;
    this.start();
  }
  start() {
    send('timer', { id: this.id, ms: this.ms });
    running.set(this.id, this);
  }
  fire() {
    if (!this.repeats) running.delete(this.id);
    try {
      const result = this.callback.apply(this, this.args);
      if (typeof result?.then === 'function') result.then(undefined, reportRejection);
    } catch (error) {
      reportError(error);
    }
    if (this.repeats && running.has(this.id)) send('timer', { id: this.id, ms: this.ms });
  }
  close() {
    clear(this);
    return this;
  }
  refresh() {
    send('clearTimer', { id: this.id });
    this.start();
    return this;
  }
  ref() {
    return this;
  }
  unref() {
    return this;
  }
  hasRef() {
    return true;
  }
  [Symbol.toPrimitive]() {
    return Number(this.id);
  }
}

function clear(timer) {
  const id = timer instanceof Timeout ? timer.id : String(timer);
  if (running.delete(id)) send('clearTimer', { id });
}

onMessage('timer', ({ id }) => running.get(id)?.fire());

export const setTimeout = (callback, ms, ...args) => new Timeout(callback, ms, args, false);
export const setInterval = (callback, ms, ...args) => new Timeout(callback, Math.max(Number(ms) || 1, 1), args, true);
export const setImmediate = (callback, ...args) => new Timeout(callback, 0, args, false);
export const clearTimeout = clear;
export const clearInterval = clear;
export const clearImmediate = clear;

export function queueMicrotask(callback) {
  if (typeof callback !== 'function') throw new TypeError('The "callback" argument must be of type function');
  Promise.resolve().then(callback).catch(reportRejection);
}
