// Limits of requests per time: no spelling of a request escapes them.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertError, assertOk } from '../support/assert.mjs';
import { ownServerOnly, startServer, uniqueName } from '../support/server.mjs';
import { master, signUp } from '../support/users.mjs';

const kCount = 5;
const limit = (requestPath, more) => ({
  requestPath,
  requestTimeWindow: 600_000,
  requestCount: kCount,
  includeInternalRequests: true,
  ...more,
});
const limited = (...limits) => startServer({ args: ['--rateLimit', JSON.stringify(limits)] });
const isRefused = ({ status, json }) => status === 429 && json?.code === 100;

// How many of so many requests, one after the other, were let through.
async function passed(count, ask) {
  let through = 0;
  for (let number = 0; number < count; number++) if (!isRefused(await ask(number))) through++;
  return through;
}

describe('a limit on logins', { skip: ownServerOnly }, () => {
  let server;
  before(async () => (server = await limited(limit('/login'))));
  after(() => server.stop());
  const wrong = { username: 'nobody', password: 'wrong' };
  const login = (path = '/login', body = wrong, options) => server.api.request('POST', path, body, options);

  test('is reached, and holds for the right password, too', async () => {
    const { api } = server;
    const user = await signUp(api, 'limited');
    assert.equal(await passed(kCount + 3, () => login()), kCount);
    assertError(await login('/login', { username: user.name, password: 'secret' }), 429, 100, 'Too many requests.');
    assertOk(await api.find(uniqueName('Other')));
  });

  const kSpellings = ['/login?x=1', '/login/', '/LOGIN', '/Login?username=a', '//login', '/login?_method=GET'];
  for (const path of kSpellings) {
    test(`${path} is the same route (PR 10500)`, async () => {
      const response = await login(path);
      assert.ok(isRefused(response) || response.status === 404, `${response.status} ${response.text}`);
      assert.ok(isRefused(response) || response.json?.code !== 101, 'the login was tried');
    });
  }

  for (const _method of ['GET', 'get', 'pOsT', 'POST', 5, null]) {
    test(`_method ${JSON.stringify(_method)} is no way around (PR 10234, PR 10262)`, async () => {
      const response = await login('/login', { ...wrong, _method });
      assert.ok(isRefused(response) || (response.status >= 400 && response.json?.code !== 101), `${response.status} ${response.text}`);
    });
  }

  test('a batch is no way around (GHSA-775h-3xrc-c228, GHSA-4jj8-x76w-v7h7)', async () => {
    const requests = Array.from({ length: 20 }, () => ({ method: 'POST', path: '/parse/login', body: wrong }));
    const response = await server.api.request('POST', '/batch', { requests });
    const codes = response.status === 200 ? response.json.map(({ error }) => error?.code) : [response.json.code];
    assert.deepEqual([...new Set(codes)], [100], response.text);
  });
});

describe('a limit before anything was counted', { skip: ownServerOnly }, () => {
  test('a batch counts each of its items (GHSA-775h-3xrc-c228)', async () => {
    const server = await limited(limit('/login'));
    const requests = Array.from({ length: 100 }, () => ({ method: 'POST', path: '/parse/login', body: { username: 'a', password: 'b' } }));
    const response = await server.api.request('POST', '/batch', { requests });
    const tried = response.status === 200 ? response.json.filter(({ error }) => error.code === 101).length : 0;
    assert.ok(tried <= kCount, `${tried} logins were tried`);
    await server.stop();
  });

  test('by user falls back to the address without a session, or with a bad one (GHSA-jmvh-84q9-vvrc)', async () => {
    const server = await limited(limit('/classes/*path', { zone: 'user' }));
    const { api } = server;
    const bad = (number) => ({ headers: { 'X-Parse-Session-Token': `r:${String(number).padStart(32, '0')}` } });
    assert.equal(await passed(kCount + 3, () => api.find('Any')), kCount);
    assert.equal(await passed(5, (number) => api.find('Any', {}, bad(number))), 0);
    const [ann, bob] = [await signUp(api, 'ann'), await signUp(api, 'bob')];
    assert.equal(await passed(kCount + 3, () => api.find('Any', {}, ann.as)), kCount);
    assert.equal(await passed(1, () => api.find('Any', {}, bob.as)), 1);
    await server.stop();
  });

  test('by address is not told by a header', async () => {
    const server = await limited(limit('/classes/*path'));
    const claimed = (number) => ({ headers: { 'X-Forwarded-For': `10.0.0.${number}`, 'X-Real-IP': `10.0.0.${number}` } });
    assert.equal(await passed(kCount + 3, (number) => server.api.find('Any', {}, claimed(number))), kCount);
    await server.stop();
  });

  test('leaves out the master key, unless it is told otherwise', async () => {
    const server = await limited(limit('/classes/*path'));
    assert.equal(await passed(kCount + 3, () => server.api.find('Any', {}, master)), kCount + 3);
    await server.stop();
    const strict = await limited(limit('/classes/*path', { includeMasterKey: true }));
    assert.equal(await passed(kCount + 3, () => strict.api.find('Any', {}, master)), kCount);
    await strict.stop();
  });

  test('of one method counts that alone', async () => {
    const server = await limited(limit('/classes/*path', { requestMethods: ['POST'] }));
    assert.equal(await passed(kCount + 3, () => server.api.find('Any')), kCount + 3);
    assert.equal(await passed(kCount + 3, () => server.api.create('Any', { a: 1 })), kCount);
    assert.equal(await passed(3, () => server.api.request('POST', '/classes/Any', { _method: 'GET' })), 3);
    await server.stop();
  });
});
