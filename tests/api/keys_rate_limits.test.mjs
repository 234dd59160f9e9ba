// The option rateLimit: who shares a count behind a proxy, what the refusal says, and what the option may hold.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertError, assertOk } from '../support/assert.mjs';
import { ownServerOnly, runParsimony, startOwnServer } from '../support/server.mjs';
import { maintenance, moreKeys, readOnly, signUp } from '../support/users.mjs';

const limit = (more) => ({ requestPath: '/classes/*path', requestTimeWindow: 600_000, requestCount: 2, ...more });
const serve = (limits, more = []) => startOwnServer({ args: [...moreKeys, '--rateLimit', JSON.stringify(limits), ...more] });

describe('rateLimit', { skip: ownServerOnly }, () => {
  test('leaves out this machine, unless it is told otherwise', async () => {
    const server = await serve([limit()]);
    for (let number = 0; number < 5; number++) assertOk(await server.api.find('Any'));
    await server.stop();
  });

  test('counts the addresses that a trusted proxy tells', async () => {
    const server = await serve([limit()], ['--trustProxy', 'loopback']);
    const from = (address) => server.api.find('Any', {}, { headers: { 'X-Forwarded-For': address } });
    for (let number = 0; number < 2; number++) assertOk(await from('10.0.0.1'));
    assertError(await from('10.0.0.1'), 429, 100, 'Too many requests.');
    assertError(await from('10.0.0.2, 10.0.0.1'), 429, 100);
    assertOk(await from('10.0.0.2'));
    await server.stop();
  });

  test('may be one limit, with its own text', async () => {
    const server = await serve(limit({ includeInternalRequests: true, errorResponseMessage: 'Later.', requestCount: 0 }));
    assertError(await server.api.find('Any'), 429, 100, 'Later.');
    const requests = [{ method: 'GET', path: '/parse/classes/Any' }];
    assertError(await server.api.request('POST', '/batch', { requests }), 400, 100, 'Later.');
    for (const as of [readOnly, maintenance]) assertOk(await server.api.find('Any', {}, as));
    await server.stop();
  });

  test('the strictest of several counts', async () => {
    const own = { includeInternalRequests: true };
    const server = await serve([limit({ ...own, requestCount: 5 }), limit({ ...own, requestPath: '/classes/Narrow', requestCount: 1 })]);
    assertOk(await server.api.find('Narrow'));
    assertError(await server.api.find('Narrow'), 429, 100);
    for (let number = 0; number < 3; number++) assertOk(await server.api.find('Wide'));
    assertError(await server.api.find('Wide'), 429, 100);
    await server.stop();
  });

  test('methods may be a regular expression', async () => {
    const server = await serve([limit({ includeInternalRequests: true, requestCount: 0, requestMethods: 'P.*' })]);
    assertError(await server.api.create('Any', { n: 1 }), 429, 100);
    assertOk(await server.api.find('Any'));
    await server.stop();
  });

  test('zone session counts each session, zone global all', async () => {
    const server = await serve([
      limit({ includeInternalRequests: true, zone: 'session' }),
      limit({ includeInternalRequests: true, zone: 'global', requestPath: '/config' }),
    ]);
    const { api } = server;
    const [ann, bob] = [await signUp(api, 'ann'), await signUp(api, 'bob')];
    for (const { as } of [ann, bob]) {
      for (let number = 0; number < 2; number++) assertOk(await api.find('Any', {}, as));
      assertError(await api.find('Any', {}, as), 429, 100);
    }
    assertOk(await api.find('Any'));
    for (const { as } of [ann, bob]) assertOk(await api.request('GET', '/config', undefined, as));
    assertError(await api.request('GET', '/config'), 429, 100);
    await server.stop();
  });

  test('counts uploads', async () => {
    const server = await serve(
      [limit({ includeInternalRequests: true, requestPath: '/files/:name', requestCount: 1 })],
      ['--fileUpload.enableForPublic', 'true'],
    );
    assert.equal((await server.api.request('POST', '/files/a.txt', 'x')).status, 201);
    assertError(await server.api.request('POST', '/files/a.txt', 'x'), 429, 100);
    await server.stop();
  });

  const wrong = {
    'no path': { requestPath: undefined },
    'a path in another language': { requestPath: '/(.*)' },
    'no count': { requestCount: undefined },
    'a negative count': { requestCount: -1 },
    'a time that is text': { requestTimeWindow: 'long' },
    'no time': { requestTimeWindow: 0 },
    'an unknown zone': { zone: 'planet' },
    'an unknown member': { requestPaths: '/a' },
    'methods that are no pattern': { requestMethods: '(' },
  };
  for (const [title, more] of Object.entries(wrong)) {
    test(`with ${title} ends the start`, async () => {
      const { code, stderr } = await runParsimony(['serve', '--port', '0', '--rateLimit', JSON.stringify([limit(more)])]);
      assert.notEqual(code, 0);
      assert.match(stderr, /rateLimit/);
    });
  }
});
