// Node's url: the old parser on top of URL.
import { parse as parseQuery, stringify as stringifyQuery } from './querystring.js';

const empty = () =>
  Object.fromEntries(
    ['protocol', 'slashes', 'auth', 'host', 'port', 'hostname', 'hash', 'search', 'query', 'pathname', 'path', 'href'].map((key) => [
      key,
      null,
    ]),
  );

function absolute(address) {
  const { protocol, username, password, host, port, hostname, hash, search, pathname, href } = address;
  const auth = username ? decodeURIComponent(username) + (password ? `:${decodeURIComponent(password)}` : '') : null;
  return {
    protocol,
    slashes: /^\w+:\/\//.test(href),
    auth,
    host,
    port: port || null,
    hostname,
    hash: hash || null,
    search: search || null,
    pathname,
    href,
  };
}

const kBase = 'relative://relative';

/** A URL as old code sees it; relative ones keep what they have. */
export function parse(text, parseQueryString = false) {
  const isAbsolute = URL.canParse ? URL.canParse(text) : /^[a-z][a-z\d+.-]*:/i.test(text);
  const found = isAbsolute ? absolute(new URL(text)) : relative(text);
  const query = found.search ? found.search.slice(1) : null;
  return {
    ...empty(),
    ...found,
    query: parseQueryString ? parseQuery(query ?? '') : query,
    path: (found.pathname ?? '') + (found.search ?? '') || null,
  };
}

function relative(text) {
  const { pathname, search, hash } = new URL(text, kBase);
  return { pathname: text.startsWith('/') ? pathname : pathname.slice(1) || null, search: search || null, hash: hash || null, href: text };
}

const text = (value) => value ?? '';

function schemeOf({ protocol, slashes }) {
  const scheme = protocol && !protocol.endsWith(':') ? `${protocol}:` : text(protocol);
  return [scheme, slashes || /^(https?|ftp|file):$/.test(scheme) ? '//' : ''];
}

function searchOf({ search, query }) {
  const found = search ?? (query && typeof query === 'object' ? stringifyQuery(query) : text(query));
  return found && !found.startsWith('?') ? `?${found}` : found;
}

export function format(value) {
  if (typeof value === 'string') return new URL(value).href;
  if (value instanceof URL) return value.href;
  const { auth, host, hostname, port, pathname, hash } = value;
  const [scheme, slashes] = schemeOf(value);
  const user = auth ? `${encodeURIComponent(auth).replace('%3A', ':')}@` : '';
  const place = host ?? (hostname ? hostname + (port ? `:${port}` : '') : '');
  return scheme + (place ? slashes : '') + user + place + text(pathname) + searchOf(value) + text(hash);
}

export function resolve(from, to) {
  const target = new URL(to, new URL(from, kBase));
  return target.protocol === 'relative:' ? target.pathname + target.search + target.hash : target.href;
}

export const fileURLToPath = (address) => decodeURIComponent(new URL(address).pathname);
export const pathToFileURL = (path) => new URL(`file://${encodeURI(path).replaceAll('?', '%3F').replaceAll('#', '%23')}`);
export const domainToASCII = (name) => new URL(`http://${name}`).hostname;
export const urlToHttpOptions = (address) => ({
  protocol: address.protocol,
  hostname: address.hostname,
  port: address.port,
  path: address.pathname + address.search,
});

const lazily = (name) =>
  new Proxy(function () {}, {
    construct: (_, args) => new globalThis[name](...args),
    get: (_, key) => globalThis[name][key],
  });

const [LazyURL, LazyURLSearchParams] = [lazily('URL'), lazily('URLSearchParams')];
export { LazyURL as URL, LazyURLSearchParams as URLSearchParams };
