// fetch over the host, off the engine's thread. Bodies are whole when they are sent and received; streams are made of what is there.
import { exchange, send } from '../host.js';
import { randomUUID } from '../core/random.js';
import { bytesOfStream, isStream, streamOf } from './byte_stream.js';
import { isDataUrl, readDataUrl } from './data_urls.js';
import { failureOf } from './fetch_failures.js';
import { Blob, encodeForm, FormData } from './form_data.js';

const kDefaultTimeoutMs = 30000;
const kMaxBytes = 20 * 1024 * 1024;

const tokens = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

function checkName(name) {
  const text = String(name);
  if (!tokens.test(text)) throw new TypeError(`Header name must be a valid HTTP token ["${text}"]`);
  return text.toLowerCase();
}

function checkValue(value) {
  const text = String(value).trim();
  if (/[\0\r\n]/.test(text)) throw new TypeError('Header values may not hold line breaks.');
  return text;
}

export class Headers {
  #list = [];
  constructor(init) {
    if (init === undefined || init === null) return;
    const entries = typeof init[Symbol.iterator] === 'function' ? init : Object.entries(init);
    for (const [name, value] of entries) this.append(name, value);
  }
  append(name, value) {
    this.#list.push([checkName(name), checkValue(value)]);
  }
  set(name, value) {
    this.delete(name);
    this.append(name, value);
  }
  delete(name) {
    const key = checkName(name);
    this.#list = this.#list.filter(([other]) => other !== key);
  }
  get(name) {
    const key = checkName(name);
    const values = this.#list.filter(([other]) => other === key).map(([, value]) => value);
    return values.length ? values.join(', ') : null;
  }
  getSetCookie() {
    return this.#list.filter(([name]) => name === 'set-cookie').map(([, value]) => value);
  }
  has(name) {
    return this.get(name) !== null;
  }
  *entries() {
    for (const name of this.keys()) yield [name, this.get(name)];
  }
  keys() {
    return [...new Set(this.#list.map(([name]) => name))].sort().values();
  }
  *values() {
    for (const [, value] of this.entries()) yield value;
  }
  forEach(callback) {
    for (const [name, value] of this.entries()) callback(value, name, this);
  }
  [Symbol.iterator]() {
    return this.entries();
  }
}

/** {bytes, type} of whatever fetch takes as a body. */
function encodeBody(body) {
  if (body === undefined || body === null) return { bytes: undefined };
  if (body instanceof URLSearchParams)
    return { bytes: Buffer.from(body.toString()), type: 'application/x-www-form-urlencoded;charset=UTF-8' };
  if (body instanceof FormData) return encodeForm(body, `----parsimony${randomUUID()}`);
  if (body instanceof Blob) return { bytes: body.bytes_, type: body.type || undefined };
  if (ArrayBuffer.isView(body)) return { bytes: Buffer.from(body.buffer, body.byteOffset, body.byteLength) };
  if (body instanceof ArrayBuffer) return { bytes: Buffer.from(body) };
  return { bytes: Buffer.from(String(body)), type: 'text/plain;charset=UTF-8' };
}

class Body {
  #bytes; // or a stream of them that was given
  #stream = null;
  #used = false;
  constructor(body, headers) {
    if (isStream(body)) this.#stream = body;
    const { bytes, type } = encodeBody(this.#stream ? undefined : body);
    this.#bytes = bytes;
    this.headers = headers;
    if (type && !headers.has('content-type')) headers.set('content-type', type);
  }
  get body() {
    if (this.#bytes) this.#stream ??= streamOf(this.#bytes);
    return this.#stream;
  }
  get bodyUsed() {
    return this.#used || this.#stream?.disturbed_ === true;
  }
  get given_() {
    return this.#bytes ?? this.#stream;
  }
  /** For copies. */
  get rawBody_() {
    if (isStream(this.given_)) throw new TypeError('A body that was given as a stream can be read only once.');
    return this.#bytes;
  }
  async take_() {
    if (this.bodyUsed || this.#stream?.locked) throw new TypeError('Body is unusable: Body has already been read');
    this.#used = this.#bytes !== undefined;
    return this.#stream ? bytesOfStream(this.#stream) : this.#bytes;
  }
  async #all() {
    return (await this.take_()) ?? Buffer.alloc(0);
  }
  async bytes() {
    return new Uint8Array(await this.#all());
  }
  async arrayBuffer() {
    return (await this.bytes()).buffer;
  }
  async blob() {
    return new Blob([await this.#all()], { type: this.headers.get('content-type') ?? '' });
  }
  async text() {
    const text = (await this.#all()).toString();
    return text.startsWith('\uFEFF') ? text.slice(1) : text;
  }
  async json() {
    return JSON.parse(await this.text());
  }
}

/** A data: URL may be long, and is nothing to take apart. */
const addressOf = (text) => (isDataUrl(text) ? text : new URL(text).href);

export class Request extends Body {
  constructor(input, init = {}) {
    const from = input instanceof Request ? input : undefined;
    const method = (init.method ?? from?.method ?? 'GET').toUpperCase();
    const body = init.body ?? from?.given_;
    if (body !== undefined && body !== null && (method === 'GET' || method === 'HEAD'))
      throw new TypeError('Request with GET/HEAD method cannot have body.');
    super(body, new Headers(init.headers ?? from?.headers));
    this.url = from ? from.url : addressOf(String(input));
    this.method = method;
    this.redirect = init.redirect ?? from?.redirect ?? 'follow';
    this.signal = init.signal ?? from?.signal ?? null;
  }
  clone() {
    return new Request(this, { body: this.rawBody_ });
  }
}

export class Response extends Body {
  constructor(body, { status = 200, statusText = '', headers, url = '', redirected = false } = {}) {
    super(body, new Headers(headers));
    Object.assign(this, { status, statusText, url, redirected, type: 'default' });
  }
  get ok() {
    return this.status >= 200 && this.status < 300;
  }
  clone() {
    return new Response(this.rawBody_, this);
  }
  static json(data, init = {}) {
    const headers = new Headers(init.headers);
    if (!headers.has('content-type')) headers.set('content-type', 'application/json');
    return new Response(JSON.stringify(data), { ...init, headers });
  }
  static error() {
    return new Response(null, { status: 0 });
  }
}

function ofDataUrl({ url, method }) {
  const read = readDataUrl(url);
  if (!read) throw failureOf('the URL is no data: URL');
  const headers = { 'content-type': read.type };
  return new Response(method === 'HEAD' ? undefined : read.bytes, { status: 200, statusText: 'OK', headers, url });
}

function responseOf(message, request) {
  if (message.error !== undefined) throw failureOf(message.error);
  const { status, statusText, headers, url = request.url, body } = message;
  const response = new Response(body ? Buffer.from(body, 'base64') : undefined, {
    status,
    statusText,
    headers,
    url,
    redirected: url !== request.url,
  });
  return response;
}

const aborted = (signal, id) =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      send('cancel', { id, of: 'fetch' });
      reject(signal.reason);
    });
  });

/** Beside the standard's options: `timeoutMs` and `maxBytes`, whose defaults are 30 s and 20 MB. */
export async function fetch(input, init = {}) {
  const request = new Request(input, init);
  request.signal?.throwIfAborted();
  if (isDataUrl(request.url)) return ofDataUrl(request);
  const body = await request.take_();
  const { id, answer } = exchange('fetch', {
    url: request.url,
    method: request.method,
    headers: [...request.headers],
    body: body?.toString('base64'),
    redirect: request.redirect,
    timeoutMs: init.timeoutMs ?? kDefaultTimeoutMs,
    maxBytes: init.maxBytes ?? kMaxBytes,
  });
  const message = await (request.signal ? Promise.race([answer, aborted(request.signal, id)]) : answer);
  return responseOf(message, request);
}
