// The web's common parts in Cloud Code: bodies as streams, data: URLs, DOMException, CustomEvent, and why a fetch failed.
import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { after, before, describe, test } from 'node:test';
import { assertOk } from '../support/assert.mjs';
import { startCloud } from '../support/cloud.mjs';
import { ownServerOnly } from '../support/server.mjs';

function code() {
  const text = (chunk) => new TextDecoder().decode(chunk);

  Parse.Cloud.define('reader', async ({ params }) => {
    const { body } = await fetch(params.url);
    const reader = body.getReader();
    const chunks = [];
    for (let next; !(next = await reader.read()).done; ) chunks.push(text(next.value));
    await reader.closed;
    return [chunks.join(''), body.locked, body instanceof ReadableStream];
  });
  Parse.Cloud.define('iterated', async ({ params }) => {
    const response = await fetch(params.url);
    const chunks = [];
    for await (const chunk of response.body) chunks.push(text(chunk));
    const again = await response.text().catch((error) => error.message);
    return [chunks.join(''), response.bodyUsed, again];
  });
  Parse.Cloud.define('empty', async ({ params }) => [(await fetch(params.url)).body, new Response().body, await new Response().text()]);
  Parse.Cloud.define('sent', async ({ params }) => {
    const body = ReadableStream.from(['one ', Buffer.from('two')]);
    return (await fetch(new Request(params.url, { method: 'POST', body, duplex: 'half' }))).text();
  });
  Parse.Cloud.define('streams', async () => {
    let cancelled;
    let count = 0;
    const stream = new ReadableStream({
      pull: (controller) => controller.enqueue(++count),
      cancel: (reason) => (cancelled = reason),
    });
    for await (const value of stream) if (value === 3) break;
    const failing = new ReadableStream({ start: (controller) => controller.error(new Error('broken')) });
    const failed = await failing.getReader().read().catch((error) => error.message);
    const idle = new ReadableStream({ pull() {} });
    const reader = idle.getReader();
    const waiting = reader.read();
    await reader.cancel();
    const other = new ReadableStream();
    const held = other.getReader();
    const refused = [() => other.getReader(), () => held.releaseLock() ?? other.getReader().releaseLock()].map((run) => {
      try {
        return typeof run();
      } catch (error) {
        return error.name;
      }
    });
    return { count, cancelled: cancelled === undefined, failed, waiting: (await waiting).done, refused, blob: text((await new Blob(['b']).stream().getReader().read()).value) };
  });

  Parse.Cloud.define('data', async ({ params: { urls } }) =>
    Promise.all(
      urls.map(async (url) => {
        const response = await fetch(url).catch((error) => error);
        return response instanceof Error ? response.message : [await response.text(), response.headers.get('content-type'), response.status];
      }),
    ),
  );
  Parse.Cloud.define('file', async () => {
    const file = await new Parse.File('a.txt', { uri: 'data:text/plain;base64,aGVsbG8=' }).save({ useMasterKey: true });
    return file.url();
  });

  Parse.Cloud.define('exceptions', async () => {
    const made = new DOMException('why', 'NotFoundError');
    const aborted = await fetch('http://127.0.0.1:1/', { signal: AbortSignal.abort() }).catch((error) => error);
    const event = new CustomEvent('paid', { detail: { amount: 3 } });
    const target = new EventTarget();
    let seen;
    target.addEventListener('paid', ({ detail }) => (seen = detail));
    target.dispatchEvent(event);
    const uncloned = (() => {
      try {
        return structuredClone(() => {});
      } catch (error) {
        return error;
      }
    })();
    const shown = (error) => [error.name, error.code, error instanceof DOMException, error instanceof Error];
    return [String(made), shown(made), shown(aborted), shown(uncloned), seen, shown(new DOMException())];
  });
  Parse.Cloud.define('failure', async ({ params: { url, options } }) =>
    fetch(url, options).catch(({ name, message, cause }) => [name, message.startsWith('fetch failed'), cause.code]),
  );
  Parse.Cloud.define('requested', ({ params: { url } }) => new Promise((resolve) => require('http').get(url).on('error', (error) => resolve(error.code))));
}

const listening = (server) =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}/`)));

describe('the web in Cloud Code', { skip: ownServerOnly }, () => {
  const kText = 'größer '.repeat(30_000);
  let server;
  let url;
  let broken;
  const closing = [];
  const result = async (name, params) => assertOk(await server.call(name, params)).result;

  before(async () => {
    const echo = http.createServer(async (request, response) => {
      if (request.url === '/slow') return;
      if (request.url === '/empty') return void response.end();
      response.end(request.method === 'POST' ? Buffer.concat(await request.toArray()) : kText);
    });
    const reset = net.createServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    closing.push(() => echo.closeAllConnections() ?? echo.close(), () => reset.close());
    [url, broken] = [await listening(echo), await listening(reset)];
    server = await startCloud(code);
  });
  after(() => {
    for (const close of closing) close();
    return server?.stop();
  });

  test('a body is read by a reader', async () => assert.deepEqual(await result('reader', { url }), [kText, true, true]));

  test('a body is iterated, once', async () => {
    const [text, used, again] = await result('iterated', { url });
    assert.equal(text, kText);
    assert.equal(used, true);
    assert.match(again, /already been read/);
  });

  test('what is empty has no body', async () => assert.deepEqual(await result('empty', { url: `${url}empty` }), [null, null, '']));

  test('a stream is sent', async () => assert.equal(await result('sent', { url }), 'one two'));

  test('streams are pulled, cancelled, locked and fail', async () => {
    const expected = { cancelled: true, failed: 'broken', waiting: true, refused: ['TypeError', 'undefined'], blob: 'b' };
    const { count, ...rest } = await result('streams');
    assert.ok(count === 3 || count === 4, `pulled ${count} times`);
    assert.deepEqual(rest, expected);
  });

  test('data: URLs are fetched', async () => {
    const urls = ['data:text/html;base64,aGVsbG8%3D', 'data:,a%20%C3%BCb#x', 'data:;charset=UTF-8,ü', 'DATA:text/x,', 'data:nothing'];
    assert.deepEqual(await result('data', { urls }), [
      ['hello', 'text/html', 200],
      ['a üb', 'text/plain;charset=US-ASCII', 200],
      ['ü', 'text/plain;charset=UTF-8', 200],
      ['', 'text/x', 200],
      'fetch failed: the URL is no data: URL',
    ]);
    const long = Buffer.alloc(3_000_000, 'x');
    const [[text]] = await result('data', { urls: [`data:text/plain;base64,${long.toString('base64')}`] });
    assert.equal(text.length, long.length);
  });

  test('files are made of data: URLs', async () => {
    const { pathname } = new URL(await result('file'));
    assert.equal(await (await fetch(new URL(pathname, server.url))).text(), 'hello');
  });

  test('DOMException and CustomEvent', async () => {
    assert.deepEqual(await result('exceptions'), [
      'NotFoundError: why',
      ['NotFoundError', 8, true, true],
      ['AbortError', 20, true, true],
      ['DataCloneError', 25, true, true],
      { amount: 3 },
      ['Error', 0, true, true],
    ]);
  });

  test('why a fetch failed is told by a code, as in Node', async () => {
    const free = http.createServer();
    const gone = await listening(free);
    await new Promise((resolve) => free.close(resolve));
    const failure = (address, options) => result('failure', { url: address, options });
    assert.deepEqual(await failure(gone), ['TypeError', true, 'ECONNREFUSED']);
    assert.equal(await result('requested', { url: gone }), 'ECONNREFUSED');
    assert.ok(['ENOTFOUND', 'EAI_AGAIN'].includes((await failure('http://nowhere.invalid/'))[2]));
    assert.equal((await failure(`${url}slow`, { timeoutMs: 50 }))[2], 'UND_ERR_HEADERS_TIMEOUT');
    assert.equal((await failure(broken))[2], 'ECONNRESET');
  });
});
