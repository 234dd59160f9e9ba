// What Cloud Code expects to find on the global object and the engine lacks. Each is made when it is first used, so that start stays fast.
import { console } from './console.js';
import * as timers from './timers.js';
import { bufferModule } from './core/buffer.js';
import { packaged } from './core/packages.js';
import { captureStackTrace } from './core/stack_trace.js';
import { process } from './core/process.js';
import { webcrypto } from './core/crypto.js';
import { atob, btoa, TextDecoder, TextEncoder } from './web/text.js';
import { DOMException } from './web/dom_exception.js';
import { AbortController, AbortSignal, CustomEvent, Event, EventTarget } from './web/events.js';
import { Blob, File, FormData } from './web/form_data.js';
import { fetch, Headers, Request, Response } from './web/fetch.js';
import { structuredClone } from './web/clone.js';

const defineIn = (owner, name, value) =>
  Object.defineProperty(owner, name, { value, writable: true, configurable: true, enumerable: false });

const define = (name, value) => defineIn(globalThis, name, value);

function defineLazily(name, make, owner = globalThis) {
  Object.defineProperty(owner, name, {
    configurable: true,
    enumerable: false,
    get() {
      const value = make();
      defineIn(owner, name, value);
      return value;
    },
    set(value) {
      defineIn(owner, name, value);
    },
  });
}

const ready = {
  console,
  process,
  ...timers,
  crypto: webcrypto,
  atob,
  btoa,
  TextEncoder,
  TextDecoder,
  DOMException,
  Event,
  CustomEvent,
  EventTarget,
  AbortController,
  AbortSignal,
  fetch,
  Headers,
  Request,
  Response,
  Blob,
  File,
  FormData,
  structuredClone,
  performance: { now: () => Date.now() - started, timeOrigin: 0, mark() {}, measure() {} },
  global: globalThis,
};

const started = Date.now();
for (const [name, value] of Object.entries(ready)) {
  if (typeof value === 'function') Object.defineProperty(value, 'name', { value: name }); // which the bundler shortens
  define(name, value);
}

defineLazily('Buffer', () => bufferModule().Buffer);
for (const name of ['ReadableStream', 'ReadableStreamDefaultReader', 'ReadableStreamDefaultController'])
  defineLazily(name, () => packaged('web_streams')[name]);

/** Both at once: each looks for the other on the global object, and must find nothing there. */
function makeUrls() {
  define('URL', undefined);
  define('URLSearchParams', undefined);
  const { URL, URLSearchParams } = packaged('url');
  define('URL', URL);
  define('URLSearchParams', URLSearchParams);
}

for (const name of ['URL', 'URLSearchParams']) {
  defineLazily(name, () => {
    makeUrls();
    return globalThis[name];
  });
}

defineLazily('localeCompare', () => packaged('collation').localeCompare, String.prototype);

Error.captureStackTrace ??= captureStackTrace;
