// A small HTTP client for the tests: nothing is added, followed, retried or hidden, so that a test sees the bytes of the wire.
import http from 'node:http';

const kTimeoutMs = 30_000;
const kOneRequestAgent = new http.Agent({ keepAlive: false });

// Keys of the server under test; `startServer` passes the same ones on the command line.
// The maintenance key and the read-only master key are passed by tests that need them.
export const keys = {
  appId: 'app',
  masterKey: 'master',
  javascriptKey: 'js',
  restKey: 'rest',
  maintenanceKey: 'maintenance',
  readOnlyMasterKey: 'readonly',
};

function keyHeaders({ master = false, anonymous = false }) {
  if (anonymous) return {};
  const headers = { 'X-Parse-Application-Id': keys.appId };
  if (master) headers['X-Parse-Master-Key'] = keys.masterKey;
  else headers['X-Parse-REST-API-Key'] = keys.restKey;
  return headers;
}

function encodeBody(body) {
  if (body === undefined || Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// One request. `body`: an object is sent as JSON, a string or Buffer as it is. Options: `master`, `anonymous` (no key headers at all),
// `headers` (null takes one away), `agent`. Resolves to {status, headers, bytes, text, json}; json is undefined when the text is no JSON.
export function send(baseUrl, method, path, body, options = {}) {
  const url = new URL(baseUrl);
  const bytes = encodeBody(body);
  const headers = { ...keyHeaders(options), ...(bytes ? { 'Content-Type': 'application/json' } : {}), ...options.headers };
  for (const name of Object.keys(headers)) if (headers[name] === null) delete headers[name];
  if (bytes) headers['Content-Length'] = bytes.length;
  else if (method !== 'GET' && method !== 'HEAD') headers['Content-Length'] = 0;
  const fullPath = options.absolutePath ? path : url.pathname.replace(/\/$/, '') + path;
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        host: url.hostname,
        port: url.port,
        method,
        path: fullPath,
        headers,
        agent: options.agent ?? kOneRequestAgent,
        timeout: kTimeoutMs,
      },
      (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const text = bytes.toString('utf8');
          resolve({ status: response.statusCode, headers: response.headers, bytes, text, json: parsed(text) });
        });
      },
    );
    request.on('timeout', () => request.destroy(new Error(`no answer to ${method} ${fullPath.slice(0, 200)} in ${kTimeoutMs} ms`)));
    request.on('error', reject);
    if (bytes) request.write(bytes);
    request.end();
  });
}

// {where: {...}, limit: 3} → "?where=%7B…%7D&limit=3"
export function queryString(parameters = {}) {
  const pairs = Object.entries(parameters).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(typeof value === 'string' ? value : JSON.stringify(value))}`,
  );
  return pairs.length ? `?${pairs.join('&')}` : '';
}

// The calls of the object API against one server, by their REST meaning. Every call takes the options of `send` last.
export function clientFor(baseUrl) {
  const request = (method, path, body, options) => send(baseUrl, method, path, body, options);
  return {
    url: baseUrl,
    request,
    create: (className, object, options) => request('POST', `/classes/${className}`, object, options),
    get: (className, id, parameters, options) =>
      request('GET', `/classes/${className}/${id}${queryString(parameters)}`, undefined, options),
    find: (className, parameters, options) => request('GET', `/classes/${className}${queryString(parameters)}`, undefined, options),
    update: (className, id, changes, options) => request('PUT', `/classes/${className}/${id}`, changes, options),
    remove: (className, id, options) => request('DELETE', `/classes/${className}/${id}`, undefined, options),
    schema: (method, className, body, options) =>
      request(method, className ? `/schemas/${className}` : '/schemas', body, { master: true, ...options }),
  };
}
