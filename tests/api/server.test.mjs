// What is not about objects: health, server information, CORS, unknown routes, HEAD, paths in other case.
import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { after, describe, test } from 'node:test';
import { assertOk, assertStatus, createdId } from '../support/assert.mjs';
import { oursOnly, startServer, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
const C = uniqueName('Path');
const id = createdId(await api.create(C, { n: 1 }));
const anonymous = { anonymous: true };

test('health needs no keys', async () => {
  const response = await api.request('GET', '/health', undefined, anonymous);
  assert.deepEqual(assertOk(response), { status: 'ok' });
  assert.match(response.headers['content-type'], /^application\/json/);
});

test('serverInfo names the features that the dashboard asks for', async () => {
  const { features, parseServerVersion } = assertOk(await api.request('GET', '/serverInfo', undefined, { master: true }));
  assert.match(parseServerVersion, /^\d+\.\d+\.\d+/);
  assert.ok(Number.parseInt(parseServerVersion, 10) >= 7);
  assert.equal(features.schemas.addField, true);
  assert.equal(features.schemas.exportClass, false);
  assert.deepEqual(Object.keys(features).sort(), ['cloudCode', 'globalConfig', 'hooks', 'logs', 'push', 'schemas', 'settings']);
});

describe('CORS', () => {
  const assertCors = ({ headers }) => {
    assert.equal(headers['access-control-allow-origin'], '*');
    assert.equal(headers['access-control-allow-methods'], 'GET,PUT,POST,DELETE,OPTIONS');
    const allowed = headers['access-control-allow-headers'].split(', ');
    for (const name of ['X-Parse-Application-Id', 'X-Parse-REST-API-Key', 'X-Parse-Session-Token', 'Content-Type', 'Cache-Control']) {
      assert.ok(allowed.includes(name), name);
    }
    assert.equal(headers['access-control-expose-headers'], 'X-Parse-Job-Status-Id, X-Parse-Push-Status-Id');
  };

  for (const [title, ask, status] of [
    ['a result', () => api.get(C, id), 200],
    ['a create', () => api.create(C, {}), 201],
    ['an error', () => api.get(C, 'doesNotEx1'), 404],
    ['a refusal', () => api.request('GET', `/classes/${C}`, undefined, anonymous), 403],
    ['broken JSON', () => api.create(C, '{'), 400],
    ['health', () => api.request('GET', '/health', undefined, anonymous), 200],
  ]) {
    test(`on ${title}`, async () => {
      const response = await ask();
      assertStatus(response, status);
      assertCors(response);
    });
  }

  for (const path of ['/classes/Any', '/classes/Any/id', '/batch', '/schemas', '/nothing/here']) {
    test(`OPTIONS ${path} needs no keys`, async () => {
      const response = await api.request('OPTIONS', path, undefined, { ...anonymous, headers: { Origin: 'http://a.example' } });
      assertStatus(response, 200);
      assert.equal(response.text, 'OK');
      assertCors(response);
    });
  }
});

describe('routes', () => {
  for (const [method, path] of [
    ['GET', '/nope'],
    ['POST', '/nope/deeper'],
    ['GET', '/'],
    ['PATCH', '/classes/Any'],
    ['PUT', '/classes/Any'],
    ['DELETE', '/classes/Any'],
    ['POST', '/classes/Any/id'],
    ['GET', '/classes'],
    ['GET', '/batch'],
    ['GET', '/classes/A/b/c'],
  ]) {
    test(`${method} ${path} is 404`, async () => {
      assertStatus(await api.request(method, path, method === 'GET' || method === 'DELETE' ? undefined : {}), 404);
    });
  }

  test('outside of the mount path there is nothing', async () => {
    assertStatus(await api.request('GET', `/classes/${C}`, undefined, { absolutePath: true }), 404);
    assertStatus(await api.request('GET', `/parsec/classes/${C}`, undefined, { absolutePath: true }), 404);
  });

  for (const path of [
    `/CLASSES/${C}/${id}`,
    `/Classes/${C}/${id}/`,
    `//classes/${C}/${id}`,
    `/classes/${encodeURIComponent(C)}/${id}`,
    `/%63lasses/${C}/${id}`,
  ]) {
    test(`${path.replace(C, 'C').replace(id, 'id')} is the object`, async () => {
      const response = await api.request('GET', path);
      if (path.includes('%63')) return assert.ok(response.status === 200 || response.status === 404, response.text);
      assert.equal(assertOk(response).n, 1);
    });
  }

  test('the mount path in other case', async () => {
    assert.equal(assertOk(await api.request('GET', `/PARSE/classes/${C}/${id}`, undefined, { absolutePath: true })).n, 1);
  });

  test('class names and ids keep their case', async () => {
    assertStatus(await api.request('GET', `/classes/${C.toUpperCase()}/${id}`), 404);
    const swapped = id.replace(/[a-zA-Z]/, (letter) => (letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase()));
    if (swapped !== id) assertStatus(await api.get(C, swapped), 404);
  });

  test('HEAD answers as GET does, without the body', async () => {
    const [head, get] = [await api.request('HEAD', `/classes/${C}/${id}`), await api.get(C, id)];
    assertStatus(head, 200);
    assert.equal(head.text, '');
    assert.equal(head.headers['content-type'], get.headers['content-type']);
    assert.equal(head.headers['content-length'], String(Buffer.byteLength(get.text)));
    assertStatus(await api.request('HEAD', `/classes/${C}/doesNotEx1`), 404);
  });
});

describe('connections', () => {
  test('one connection serves many requests', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    let sockets = 0;
    const create = agent.createConnection;
    agent.createConnection = (...args) => {
      sockets++;
      return create.apply(agent, args);
    };
    for (let i = 0; i < 50; i++) {
      assert.equal(assertOk(await api.request('GET', `/classes/${C}/${id}`, undefined, { agent })).n, 1);
    }
    agent.destroy();
    assert.equal(sockets, 1);
  });

  // Sends raw bytes and resolves to all that comes back until the other side closes or `enough` says so.
  const raw = (chunks, enough) =>
    new Promise((resolve, reject) => {
      const socket = net.connect(server.port, '127.0.0.1');
      let text = '';
      const done = () => {
        socket.destroy();
        resolve(text);
      };
      socket.setTimeout(20_000, () => reject(new Error(`nothing more came after: ${text}`)));
      socket.on('error', done);
      socket.on('close', done);
      socket.on('data', (bytes) => {
        text += bytes.toString('latin1');
        if (enough(text)) done();
      });
      for (const chunk of chunks) socket.write(chunk);
    });
  const head = `Host: x\r\nX-Parse-Application-Id: app\r\nX-Parse-REST-API-Key: rest\r\n`;
  const statusLines = (text) => text.match(/HTTP\/1\.1 \d+/g) ?? [];

  test('pipelined requests are answered in order', async () => {
    const get = `GET /parse/classes/${C}/${id} HTTP/1.1\r\n${head}\r\n`;
    const missing = `GET /parse/classes/${C}/doesNotEx1 HTTP/1.1\r\n${head}\r\n`;
    const text = await raw([get + missing + get], (all) => statusLines(all).length === 3 && (all.match(/"n":1/g) ?? []).length === 2);
    assert.deepEqual(statusLines(text), ['HTTP/1.1 200', 'HTTP/1.1 404', 'HTTP/1.1 200']);
  });

  test('a chunked body', async () => {
    const request = `POST /parse/classes/${C} HTTP/1.1\r\n${head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const text = await raw([request, '4\r\n{"n"\r\n', '3\r\n:2}\r\n', '0\r\n\r\n'], (all) => all.includes('createdAt'));
    assert.match(text, /^HTTP\/1\.1 201/);
  });

  test('a request that is split anywhere', async () => {
    const body = '{"n":3}';
    const request = `POST /parse/classes/${C} HTTP/1.1\r\n${head}Content-Length: ${body.length}\r\n\r\n${body}`;
    const text = await raw(
      [...request].map((char) => Buffer.from(char)),
      (all) => all.includes('createdAt'),
    );
    assert.match(text, /^HTTP\/1\.1 201/);
  });

  test('Expect: 100-continue', async () => {
    const text = await raw(
      [`POST /parse/classes/${C} HTTP/1.1\r\n${head}Expect: 100-continue\r\nContent-Length: 7\r\n\r\n`, '{"n":4}'],
      (all) => all.includes('createdAt'),
    );
    assert.match(text, /HTTP\/1\.1 201/);
  });

  test('Connection: close is honoured', async () => {
    const text = await raw([`GET /parse/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`], () => false);
    assert.match(text, /^HTTP\/1\.1 200[\s\S]*\{"status":"ok"\}$/);
  });

  for (const [title, bytes] of [
    ['no HTTP', 'hello\r\n\r\n'],
    ['TLS', Buffer.from('16030100a5010000a10303', 'hex')],
    ['a bad length', `POST /parse/classes/${C} HTTP/1.1\r\n${head}Content-Length: abc\r\n\r\n{}`],
    ['two lengths', `POST /parse/classes/${C} HTTP/1.1\r\n${head}Content-Length: 2\r\nContent-Length: 7\r\n\r\n{}`],
    ['a length and chunks', `POST /parse/classes/${C} HTTP/1.1\r\n${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['a bad chunk size', `POST /parse/classes/${C} HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`],
    ['a head of 1 MB', `GET /parse/health HTTP/1.1\r\n${'X-Filler: ' + 'x'.repeat(1000) + '\r\n'}`.repeat(1000) + '\r\n'],
    ['NUL in the path', 'GET /parse/\0health HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a negative length', `POST /parse/classes/${C} HTTP/1.1\r\n${head}Content-Length: -5\r\n\r\n{}`],
  ]) {
    test(`${title}: no 5xx, and the server goes on`, { skip: title === 'TLS' && oursOnly }, async () => {
      let answered = '';
      const socket = net.connect(server.port, '127.0.0.1');
      await new Promise((resolve) => {
        socket.on('error', resolve);
        socket.on('close', resolve);
        socket.on('data', (data) => {
          answered += data.toString('latin1');
          socket.end();
        });
        socket.end(bytes);
        socket.setTimeout(15_000, () => socket.destroy());
      });
      assert.doesNotMatch(answered, /^HTTP\/1\.1 5/);
      assert.equal(assertOk(await api.get(C, id)).n, 1);
    });
  }
});
