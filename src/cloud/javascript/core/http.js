// The client half of Node's http and https, over fetch: old code and packages call request() and get(). Nothing can listen.
import { packaged } from './packages.js';

const STATUS_CODES = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  304: 'Not Modified',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};
const METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

const isAddress = (value) => typeof value === 'string' || value instanceof URL;

/** (address?, options?, callback?) as one object of options. */
function optionsOf(args, protocol) {
  const address = isAddress(args[0]) ? new URL(args.shift()) : undefined;
  const options = typeof args[0] === 'object' && args[0] !== null ? args.shift() : {};
  const host = options.hostname ?? options.host ?? 'localhost';
  const place = `${options.protocol ?? protocol}//${host}${options.port ? `:${options.port}` : ''}${options.path ?? '/'}`;
  return { ...options, url: address?.href ?? place, callback: args[0] };
}

function makeClasses() {
  const { Readable, Writable } = packaged('stream');

  class IncomingMessage extends Readable {
    constructor(response, body) {
      super({ read() {} });
      this.statusCode = response.status;
      this.statusMessage = response.statusText || STATUS_CODES[response.status] || '';
      this.headers = Object.fromEntries(response.headers);
      const cookies = response.headers.getSetCookie();
      if (cookies.length) this.headers['set-cookie'] = cookies;
      this.url = response.url;
      if (body.length) this.push(body);
      this.push(null);
    }
  }

  class ClientRequest extends Writable {
    constructor({ url, method = 'GET', headers, auth, timeout, callback }) {
      super();
      this.address = url;
      this.method = method.toUpperCase();
      this.sent = new Headers(headers);
      if (auth) this.setHeader('Authorization', `Basic ${Buffer.from(auth).toString('base64')}`);
      this.chunks = [];
      this.controller = new AbortController();
      if (timeout) this.setTimeout(timeout);
      if (callback) this.once('response', callback);
      this.once('finish', () => this.send());
    }
    _write(chunk, encoding, done) {
      this.chunks.push(Buffer.from(chunk, encoding));
      done();
    }
    setHeader(name, value) {
      this.sent.delete(name);
      for (const item of [value].flat()) this.sent.append(name, item);
      return this;
    }
    getHeader(name) {
      return this.sent.get(name) ?? undefined;
    }
    removeHeader(name) {
      this.sent.delete(name);
    }
    setTimeout(ms, callback) {
      if (callback) this.once('timeout', callback);
      setTimeout(() => this.answered || this.emit('timeout'), ms);
      return this;
    }
    setNoDelay() {}
    setSocketKeepAlive() {}
    flushHeaders() {}
    async send() {
      const body = this.chunks.length ? Buffer.concat(this.chunks) : undefined;
      this.sent.delete('content-length'); // the host counts
      try {
        const response = await fetch(this.address, {
          method: this.method,
          headers: this.sent,
          body,
          redirect: 'manual',
          signal: this.controller.signal,
        });
        const message = new IncomingMessage(response, Buffer.from(await response.arrayBuffer()));
        this.answered = true;
        this.emit('response', message);
      } catch (error) {
        this.answered = true;
        this.emit('error', error.cause instanceof Error ? error.cause : error);
      }
    }
    abort() {
      this.controller.abort();
    }
    _destroy(error, done) {
      this.controller.abort(error ?? undefined);
      done(error);
    }
  }

  return { ClientRequest, IncomingMessage };
}

const refuse = (name) => () => {
  throw new Error(`${name} is not available in Cloud Code: nothing can listen for connections.`);
};

class Agent {
  constructor(options = {}) {
    this.options = options;
  }
  destroy() {}
}

let classes;

export function httpModule(name) {
  classes ??= makeClasses();
  const request = (...args) => new classes.ClientRequest(optionsOf(args, `${name}:`));
  const get = (...args) => {
    const made = request(...args);
    made.end();
    return made;
  };
  return {
    request,
    get,
    createServer: refuse(`${name}.createServer`),
    Server: refuse(`${name}.Server`),
    Agent,
    globalAgent: new Agent(),
    METHODS,
    STATUS_CODES,
    ...classes,
  };
}
