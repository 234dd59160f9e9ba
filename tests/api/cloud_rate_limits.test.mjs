// Limits of requests that validators of Cloud Code ask for.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertError, assertOk, assertStatus } from '../support/assert.mjs';
import { cloudFolder, startCloud } from '../support/cloud.mjs';
import { ownServerOnly, runParsimony } from '../support/server.mjs';
import { signUp } from '../support/users.mjs';

const master = { master: true };

function code() {
  const all = { includeInternalRequests: true, requestTimeWindow: 600_000 };
  Parse.Cloud.define('twice', () => 'done', { rateLimit: { ...all, requestCount: 2, errorResponseMessage: 'Not so fast.' } });
  Parse.Cloud.define('master', () => 'done', { rateLimit: { ...all, requestCount: 1, includeMasterKey: true } });
  Parse.Cloud.define('elsewhere', () => 'done', { rateLimit: { requestCount: 0 } });
  Parse.Cloud.define('five', () => 'done', { rateLimit: { includeInternalRequests: true } });
  Parse.Cloud.define('each', () => 'done', { rateLimit: { ...all, requestCount: 1, zone: Parse.Server.RateLimitZone.user } });
  Parse.Cloud.define('free', () => Parse.Cloud.run('once').then(() => Parse.Cloud.run('once')));
  Parse.Cloud.define('once', () => 'done', { rateLimit: { ...all, requestCount: 1 } });
  Parse.Cloud.define('moved', () => 'done', { rateLimit: { ...all, requestCount: 0, requestPath: '/config' } });
  const once = { rateLimit: { ...all, requestCount: 1 } };
  Parse.Cloud.beforeSave('Saved', () => undefined, once);
  Parse.Cloud.beforeDelete('Deleted', () => undefined, once);
  Parse.Cloud.beforeFind('Found', () => undefined, once);
  Parse.Cloud.afterSave('After', () => undefined, once);
  Parse.Cloud.beforeSave('Chosen', () => undefined, { rateLimit: { ...all, requestCount: 1, requestMethods: /GET|DELETE/ } });
  Parse.Cloud.beforeLogin(() => undefined, once);
}

const tooMany = (response, text = 'Too many requests.') => assertError(response, 429, 100, text);

describe('rateLimit of a validator', { skip: ownServerOnly }, () => {
  test('counts the calls of its function', async () => {
    const { call, api, stop } = await startCloud(code);
    for (let number = 0; number < 2; number++) assertOk(await call('twice'));
    tooMany(await call('twice'), 'Not so fast.');
    assertOk(await call('twice', {}, master));
    assertError(
      await api.request('POST', '/batch', { requests: [{ method: 'POST', path: '/parse/functions/twice' }] }),
      400,
      100,
      'Not so fast.',
    );
    assertOk(await call('master', {}, master));
    tooMany(await call('master', {}, master));
    for (let number = 0; number < 3; number++) assertOk(await call('elsewhere'));
    await stop();
  });

  test('counts five calls in a minute when it says nothing else', async () => {
    const { call, stop } = await startCloud(code);
    for (let number = 0; number < 5; number++) assertOk(await call('five'));
    tooMany(await call('five'));
    await stop();
  });

  test('counts by user, and names another path', async () => {
    const { call, api, stop } = await startCloud(code);
    for (const name of ['ann', 'bob']) {
      const { as } = await signUp(api, name);
      assertOk(await call('each', {}, as));
      tooMany(await call('each', {}, as));
    }
    assertOk(await call('moved'));
    tooMany(await api.request('GET', '/config'));
    await stop();
  });

  test('leaves out what Cloud Code calls itself', async () => {
    const { call, stop } = await startCloud(code);
    for (let number = 0; number < 2; number++) assertOk(await call('free'));
    assertOk(await call('once'));
    tooMany(await call('once'));
    await stop();
  });

  test('of a trigger counts the requests of its kind', async () => {
    const { api, stop } = await startCloud(code);
    const made = assertStatus(await api.create('Saved', {}), 201);
    tooMany(await api.create('Saved', {}));
    tooMany(await api.update('Saved', made.objectId, { a: 1 }));
    assertOk(await api.find('Saved'));
    const doomed = assertStatus(await api.create('Deleted', {}), 201);
    assertOk(await api.remove('Deleted', doomed.objectId));
    tooMany(await api.remove('Deleted', doomed.objectId));
    assertOk(await api.find('Found'));
    tooMany(await api.get('Found', 'x'));
    for (let number = 0; number < 3; number++) assertStatus(await api.create('After', {}), 201);
    const chosen = assertStatus(await api.create('Chosen', {}), 201);
    assertOk(await api.find('Chosen'));
    tooMany(await api.remove('Chosen', chosen.objectId));
    await signUp(api, 'ann');
    const login = () => api.request('POST', '/login', { username: 'ann', password: 'secret' });
    assert.notEqual((await login()).status, 429);
    tooMany(await login());
    await stop();
  });

  const wrong = [
    ['{ requestCont: 1 }', /Invalid rate limit option "requestCont"/],
    ['{ requestCount: "many" }', /requestCount/],
    ['{ requestCount: () => 1 }', /"requestCount": it cannot be a function/],
    ['{ zone: "planet" }', /unknown zone "planet"/],
    ['{ requestPath: "/functions/(.*)" }', /bare \(/],
  ];
  for (const [limit, text] of wrong) {
    test(`${limit} stops the start, with the place of the definition`, async () => {
      const folder = cloudFolder(`// first line\nParse.Cloud.define('f', () => 1, { rateLimit: ${limit} });`);
      const { code, stderr } = await runParsimony(['serve', '--port', '0', '--ephemeral', '--cloud', `${folder}/main.js`]);
      assert.notEqual(code, 0);
      assert.match(stderr, text);
      assert.match(stderr, /main\.js:2:\d+/);
    });
  }
});
