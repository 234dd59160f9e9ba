// The option idempotencyOptions: writes that name themselves by X-Parse-Request-Id are executed once.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertError, assertOk, createdId } from '../support/assert.mjs';
import { ownServerOnly, runParsimony, startOwnServer, temporaryFolder, until } from '../support/server.mjs';
import { master, signUp } from '../support/users.mjs';

const serve = (options, more = {}) => startOwnServer({ args: ['--idempotencyOptions', JSON.stringify(options)], ...more });
const named = (id, more = {}) => ({ headers: { 'X-Parse-Request-Id': id, ...more } });

describe('idempotencyOptions', { skip: ownServerOnly }, () => {
  let server;
  let api;
  before(async () => {
    server = await serve({ paths: ['classes/Once.*', 'users'] });
    ({ api } = server);
  });
  after(() => server.stop());

  test('a name is good for one write', async () => {
    const id = createdId(await api.create('Once', { n: 1 }, named('a')));
    assertError(await api.create('Once', { n: 1 }, named('a')), 400, 159, 'Duplicate request');
    assert.equal(assertOk(await api.find('Once')).results.length, 1);
    assertError(await api.request('PUT', `/classes/Once/${id}`, { n: 2 }, named('a')), 400, 159);
    assertOk(await api.request('PUT', `/classes/Once/${id}`, { n: 2 }, named('b')));
    assertError(await api.request('POST', `/classes/Once/${id}`, { n: 2, _method: 'PUT' }, named('b')), 400, 159);
    for (const again of [1, 2]) assertOk(await api.request('PUT', `/classes/Once/${id}`, { n: again }));
  });

  test('reads, deletes and other routes are not asked', async () => {
    const id = createdId(await api.create('Once', { n: 1 }, named('c')));
    for (const path of ['/classes/Once', `/classes/Once/${id}`]) assertOk(await api.request('GET', path, undefined, named('c')));
    assertOk(await api.request('POST', '/classes/Once', { _method: 'GET' }, named('c')));
    assertOk(await api.request('DELETE', `/classes/Once/${id}`, undefined, named('c')));
    for (let number = 0; number < 2; number++) createdId(await api.create('Often', { n: 1 }, named('c')));
  });

  test('a pattern is for the beginning of the path', async () => {
    const user = await signUp(api, 'once', {}, named('d'));
    assertError(await api.request('PUT', `/users/${user.id}`, { n: 1 }, named('d', user.as.headers)), 400, 159);
    createdId(await api.create('NotOnce', { n: 1 }, named('d')));
  });

  test('a refused write has used its name, one that may not be made has not', async () => {
    assertError(await api.create('Once', { n: 'text' }, named('e')), 400, 111);
    assertError(await api.create('Once', { n: 1 }, named('e')), 400, 159);
    assert.equal((await api.create('Once', { n: 1 }, { anonymous: true, ...named('f') })).status, 403);
    createdId(await api.create('Once', { n: 1 }, named('f')));
  });

  test('of many at once one is executed', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => api.create('OnceTogether', { n: 1 }, named('g'))));
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
    assert.equal(assertOk(await api.find('OnceTogether')).results.length, 1);
  });

  test('names are rows for the master key, whatever a client calls them', async () => {
    const long = 'x'.repeat(2000);
    for (const name of [long, "'; DROP TABLE x; --", '{"$ne":1}']) {
      createdId(await api.create('Once', { n: 1 }, named(name)));
      assertError(await api.create('Once', { n: 1 }, named(name)), 400, 159);
    }
    createdId(await api.create('Once', { n: 1 }, named(`${long}y`)));
    const { results } = assertOk(await api.find('_Idempotency', { where: { reqId: 'a' } }, master));
    assert.equal(results.length, 1);
    assert.equal(results[0].expire.__type, 'Date');
    assertError(await api.find('_Idempotency'), 400, 119);
  });

  test('a name outlives the process, not its time', async () => {
    const dataDir = temporaryFolder();
    const first = await serve({ paths: ['classes/.*'] }, { dataDir });
    createdId(await first.api.create('Kept', { n: 1 }, named('h')));
    await first.stop();
    const second = await serve({ paths: ['classes/.*'], ttl: 0.05 }, { dataDir });
    assertError(await second.api.create('Kept', { n: 1 }, named('h')), 400, 159);
    createdId(await second.api.create('Kept', { n: 1 }, named('i')));
    await until(async () => (await second.api.create('Kept', { n: 1 }, named('i'))).status === 201, { what: 'the end of a name' });
    await second.stop();
  });

  test('without the option names mean nothing', async () => {
    const plain = await startOwnServer();
    for (let number = 0; number < 2; number++) createdId(await plain.api.create('Any', { n: 1 }, named('a')));
    await plain.stop();
  });

  for (const options of [{ ttl: 0 }, { ttl: -1 }, { paths: ['('] }, { path: ['a'] }]) {
    test(`${JSON.stringify(options)} ends the start`, async () => {
      const { code, stderr } = await runParsimony(['serve', '--port', '0', '--idempotencyOptions', JSON.stringify(options)]);
      assert.notEqual(code, 0);
      assert.match(stderr, /idempotencyOptions/);
    });
  }
});
