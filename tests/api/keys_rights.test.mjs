// What the maintenance key and the read-only master key may do, and where each key may be used from.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertError, assertOk, assertStatus, assertUnauthorized, createdId } from '../support/assert.mjs';
import { keys } from '../support/client.mjs';
import { ownServerOnly, startOwnServer, startServer, uniqueName, until } from '../support/server.mjs';
import { maintenance, master, moreKeys, readOnly } from '../support/users.mjs';

const server = await startServer({ args: moreKeys });
after(() => server.stop());
const { api } = server;
const C = uniqueName('Righted');
const id = createdId(await api.create(C, { n: 1, hidden: 'h' }, master));
// Only keys get past these permissions.
const closed = Object.fromEntries(['find', 'get', 'count', 'create', 'update', 'delete', 'addField'].map((name) => [name, {}]));
assertOk(await api.schema('PUT', C, { className: C, classLevelPermissions: closed }));
const path = `/classes/${C}/${id}`;
const date = (iso) => ({ __type: 'Date', iso });

const kReadOnlyForms = {
  'in a header': (method, url, body) => api.request(method, url, body, readOnly),
  'in the body': (method, url, body) =>
    api.request('POST', url, { ...body, _ApplicationId: 'app', _MasterKey: keys.readOnlyMasterKey, _method: method }, { anonymous: true }),
  'by Basic': (method, url, body) =>
    api.request(method, url, body, {
      anonymous: true,
      headers: { Authorization: `basic ${Buffer.from(`app:${keys.readOnlyMasterKey}`).toString('base64')}` },
    }),
};

for (const [form, send] of Object.entries(kReadOnlyForms)) {
  describe(`the read-only master key ${form}`, () => {
    test('reads past permissions', async () => {
      assert.equal(assertOk(await send('GET', path)).n, 1);
      assert.equal(assertOk(await send('GET', `/classes/${C}`)).results.length, 1);
      assert.ok(assertOk(await send('GET', '/schemas')).results.length > 0);
      assert.deepEqual(assertOk(await send('GET', `/aggregate/${C}?distinct=n`)).results, [1]);
      assert.ok(assertOk(await send('GET', '/serverInfo')).features);
    });

    const writes = [
      ['POST', `/classes/${C}`, { n: 2 }],
      ['PUT', path, { n: 2 }],
      ['DELETE', path],
      ['POST', `/schemas/${uniqueName('Made')}`, {}],
      ['PUT', `/schemas/${C}`, { fields: { more: { type: 'String' } } }],
      ['DELETE', `/schemas/${C}`],
      ['DELETE', `/purge/${C}`],
      ['PUT', '/config', { params: { a: 1 } }],
    ];
    for (const [method, url, body] of writes) {
      test(`does not ${method} ${url.replace(/_[0-9a-f]{8}/, '')}`, async () => {
        assertError(await send(method, url, body), 400, 119, 'Permission denied');
        assert.equal(assertOk(await api.get(C, id, {}, master)).n, 1);
      });
    }
  });
}

describe('the read-only master key', () => {
  test('is refused for each write of a batch, and reads in it', async () => {
    const requests = [
      { method: 'GET', path: `/parse${path}` },
      { method: 'PUT', path: `/parse${path}`, body: { n: 5 } },
      { method: 'POST', path: `/parse/classes/${C}`, body: { n: 5 } },
    ];
    const [read, update, create] = assertOk(await api.request('POST', '/batch', { requests }, readOnly));
    assert.equal(read.success.n, 1);
    assert.equal(update.error.code, 119);
    assert.equal(create.error.code, 119);
  });

  test('makes and deletes no file', async () => {
    const denied = { error: 'Permission denied' };
    assert.deepEqual(assertStatus(await api.request('POST', '/files/a.txt', 'x', readOnly), 403), denied);
    assert.deepEqual(assertStatus(await api.request('DELETE', '/files/a.txt', undefined, readOnly), 403), denied);
  });

  test('imports nothing', async () => {
    assertError(await api.request('POST', `/import_data/${C}`, [{ objectId: 'x', n: 1 }], readOnly), 400, 119);
    assertError(await api.request('POST', `/import_relation_data/${C}/r`, [], readOnly), 400, 119);
  });
});

describe('the maintenance key', () => {
  test('reads and writes objects past permissions', async () => {
    assert.equal(assertOk(await api.request('GET', path, undefined, maintenance)).hidden, 'h');
    const made = createdId(await api.create(C, { n: 3 }, maintenance));
    assertOk(await api.request('PUT', `/classes/${C}/${made}`, { n: 4 }, maintenance));
    assertOk(await api.request('DELETE', `/classes/${C}/${made}`, undefined, maintenance));
  });

  test('says when an object was made', async () => {
    const [then, later] = ['2015-01-02T03:04:05.678Z', '2016-01-02T03:04:05.678Z'];
    for (const [more, updatedAt] of [
      [{}, then],
      [{ updatedAt: date(later) }, later],
    ]) {
      const response = await api.create(C, { createdAt: date(then), ...more }, maintenance);
      const made = createdId(response);
      assert.equal(response.json.createdAt, then);
      const stored = assertOk(await api.get(C, made, {}, master));
      assert.equal(stored.createdAt, then);
      assert.equal(stored.updatedAt, updatedAt);
      assertOk(await api.request('DELETE', `/classes/${C}/${made}`, undefined, maintenance));
    }
    assertError(await api.create(C, { createdAt: date(later), updatedAt: date(then) }, maintenance), 400, 142);
  });

  test('alone says so', async () => {
    const then = '2015-01-02T03:04:05.678Z';
    const made = createdId(await api.create(C, { createdAt: date(then), updatedAt: date(then) }, master));
    const stored = assertOk(await api.get(C, made, {}, master));
    assert.notEqual(stored.createdAt, then);
    assert.notEqual(stored.updatedAt, then);
  });

  test('is not enough where the master key is asked for', async () => {
    for (const [method, url] of [
      ['GET', '/schemas'],
      ['GET', `/aggregate/${C}?distinct=n`],
      ['DELETE', `/purge/${C}`],
      ['GET', '/serverInfo'],
      ['DELETE', '/files/a.txt'],
    ]) {
      assert.deepEqual(assertStatus(await api.request(method, url, undefined, maintenance), 403), { error: 'Permission denied' });
    }
  });

  test('does not see the private part of the config', async () => {
    assertOk(await api.request('PUT', '/config', { params: { private_: 1, public_: 2 }, masterKeyOnly: { private_: true } }, master));
    assert.equal(assertOk(await api.request('GET', '/config', undefined, maintenance)).params.private_, undefined);
    assert.equal(assertOk(await api.request('GET', '/config', undefined, readOnly)).params.private_, 1);
  });

  test('is tried before the master key', async () => {
    const both = { headers: { 'X-Parse-Master-Key': keys.masterKey, ...maintenance.headers } };
    assertStatus(await api.request('GET', '/schemas', undefined, both), 403);
  });
});

test('Basic authorization of the application wins over headers, of another it is nothing', async () => {
  const basic = (text) => ({ Authorization: `Basic ${Buffer.from(text).toString('base64')}` });
  const headers = { 'X-Parse-Application-Id': 'other', 'X-Parse-Master-Key': 'wrong', ...basic('app:master') };
  assertOk(await api.request('GET', '/schemas', undefined, { anonymous: true, headers }));
  assertOk(await api.request('GET', '/schemas', undefined, { master: true, headers: basic('other:wrong') }));
});

test('keys that nobody was given open nothing', { skip: ownServerOnly }, async () => {
  const bare = await startOwnServer();
  for (const key of ['', 'undefined', 'null']) {
    for (const name of ['X-Parse-Master-Key', 'X-Parse-Maintenance-Key']) {
      assertError(await bare.api.request('GET', '/classes/_Hooks', undefined, { headers: { [name]: key } }), 400, 119);
    }
  }
  await bare.stop();
});

test('the option closes aggregation to the read-only key', { skip: ownServerOnly }, async () => {
  const narrow = await startOwnServer({ args: [...moreKeys, '--allowAggregationForReadOnlyMasterKey', 'false'] });
  createdId(await narrow.api.create('A', { n: 1 }));
  assertError(await narrow.api.request('GET', '/aggregate/A?distinct=n', undefined, readOnly), 400, 119);
  assertOk(await narrow.api.request('GET', '/aggregate/A?distinct=n', undefined, master));
  await narrow.stop();
});

describe('a key from an address that may not use it', { skip: ownServerOnly }, () => {
  const kLists = ['--masterKeyIps', '10.0.0.1', '--maintenanceKeyIps', '10.0.0.1', '--readOnlyMasterKeyIps', '10.0.0.1'];
  const kCallers = { masterKeyIps: master, maintenanceKeyIps: maintenance, readOnlyMasterKeyIps: readOnly };

  test('ends the request; the log names address and option', async () => {
    const far = await startOwnServer({ args: [...moreKeys, ...kLists] });
    for (const [option, as] of Object.entries(kCallers)) {
      assertUnauthorized(await far.api.request('GET', '/classes/Any', undefined, as));
      await until(() => new RegExp(`127\\.0\\.0\\.1.*${option}`).test(far.stderr()), { what: `a log line about ${option}` });
    }
    await far.stop();
  });

  test('in the profile dev the answer does, too', async () => {
    const dev = await startOwnServer({ args: ['--profile', 'dev', ...moreKeys, ...kLists] });
    for (const [option, as] of Object.entries(kCallers)) {
      const { error } = assertStatus(await dev.api.request('GET', '/classes/Any', undefined, as), 403);
      assert.match(error, new RegExp(`127\\.0\\.0\\.1.*${option}`));
    }
    await dev.stop();
  });
});
