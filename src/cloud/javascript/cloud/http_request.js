// Parse.Cloud.httpRequest, which Parse Server dropped and old Cloud Code still calls.

const isPlain = (value) => value !== null && typeof value === 'object' && !ArrayBuffer.isView(value);

function addressOf({ url, params }) {
  const address = new URL(url);
  const extra = new URLSearchParams(params ?? '');
  for (const [name, value] of extra) address.searchParams.append(name, value);
  return address.href;
}

function bodyOf({ body, method = 'GET' }, headers) {
  if (body === undefined || ['GET', 'HEAD'].includes(method.toUpperCase())) return undefined;
  if (!isPlain(body)) return body;
  const type = headers.get('Content-Type') ?? '';
  if (type.includes('application/x-www-form-urlencoded')) return new URLSearchParams(body).toString();
  if (!type) headers.set('Content-Type', 'application/json');
  return JSON.stringify(body);
}

function cookiesOf(response) {
  const cookies = {};
  for (const text of response.headers.getSetCookie()) {
    const [pair] = text.split(';');
    const name = pair.slice(0, pair.indexOf('=')).trim();
    cookies[name] = { name, value: pair.slice(pair.indexOf('=') + 1).trim() };
  }
  return cookies;
}

function dataOf(buffer, type) {
  const text = buffer.toString();
  if (type.includes('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(text));
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The old answer: {status, headers, cookies, buffer, text, data}. */
async function answerOf(response) {
  const buffer = Buffer.from(await response.arrayBuffer());
  const headers = Object.fromEntries(response.headers);
  return {
    status: response.status,
    headers,
    cookies: cookiesOf(response),
    buffer,
    get text() {
      return buffer.toString();
    },
    get data() {
      return dataOf(buffer, headers['content-type'] ?? '');
    },
  };
}

function notify(options, name, value) {
  if (typeof options[name] === 'function') options[name](value);
}

/** Resolves with an answer of 2xx, rejects with any other, and calls `success` and `error` where they are given. */
export async function httpRequest(options) {
  const given = typeof options === 'string' ? { url: options } : options;
  const headers = new Headers(given.headers);
  const body = bodyOf(given, headers);
  const redirect = given.followRedirects === true ? 'follow' : 'manual';
  try {
    const answer = await answerOf(await fetch(addressOf(given), { method: given.method ?? 'GET', headers, body, redirect }));
    if (answer.status < 200 || answer.status >= 300)
      throw Object.assign(answer, { message: `Request failed with response code ${answer.status}` });
    notify(given, 'success', answer);
    return answer;
  } catch (error) {
    notify(given, 'error', error);
    throw error;
  }
}
