// /config: parameters that all clients read, and those for the master key alone.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertError, assertOk, assertStatus, assertUnauthorized } from '../support/assert.mjs';
import { oursOnly, ownServerOnly, startOwnServer, startServer } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
const master = { master: true };
const read = async (options) => assertOk(await api.request('GET', '/config', undefined, options));
const save = (params, masterKeyOnly) => api.request('PUT', '/config', { params, masterKeyOnly }, master);
const saved = async (...args) => assert.deepEqual(assertOk(await save(...args)), { result: true });

test('without any parameter', { skip: ownServerOnly }, async () => {
  const own = await startOwnServer();
  assert.deepEqual(assertOk(await own.api.request('GET', '/config')), { params: {} });
  assert.deepEqual(assertOk(await own.api.request('GET', '/config', undefined, master)), { params: {} });
  assert.deepEqual(assertOk(await own.api.request('PUT', '/config', {}, master)), { result: true });
  assert.deepEqual(assertOk(await own.api.request('GET', '/config')), { params: {}, masterKeyOnly: {} });
  await own.stop();
});

describe('values', () => {
  const values = {
    string: 'ü "quoted"',
    empty: '',
    number: 1.5,
    zero: 0,
    boolean: false,
    list: [1, 'a', { b: null }],
    object: { a: { b: [1] } },
    date: { __type: 'Date', iso: '2020-02-29T12:00:00.000Z' },
    geoPoint: { __type: 'GeoPoint', latitude: 40, longitude: -30 },
    file: { __type: 'File', name: 'a.txt', url: 'http://example.org/a.txt' },
    pointer: { __type: 'Pointer', className: 'Shop', objectId: 'abcdefghij' },
    'name with a blank': 1,
  };
  for (const [name, value] of Object.entries(values)) {
    test(name, async () => {
      await saved({ [name]: value });
      for (const options of [{}, master]) {
        const config = await read(options);
        assert.deepEqual(config.params[name], value);
        assert.equal(config.masterKeyOnly[name], false);
      }
    });
  }
});

describe('changes', () => {
  test('a save merges', async () => {
    await saved({ kept: 1, changed: 1 });
    await saved({ changed: 2, added: 3 });
    const { params } = await read();
    assert.deepEqual([params.kept, params.changed, params.added], [1, 2, 3]);
  });

  test('Delete takes a parameter away and leaves its flag', async () => {
    await saved({ gone: 1, stays: 1 });
    await saved({ gone: { __op: 'Delete' }, never: { __op: 'Delete' } });
    const { params, masterKeyOnly } = await read(master);
    assert.ok(!('gone' in params) && !('never' in params));
    assert.equal(params.stays, 1);
    assert.equal(masterKeyOnly.gone, false);
  });

  test('other operators work on the value that is there', { skip: oursOnly }, async () => {
    await saved({ count: 5, list: ['a'] });
    await saved({ count: { __op: 'Increment', amount: 2 }, list: { __op: 'AddUnique', objects: ['a', 'b'] } });
    const { params } = await read();
    assert.equal(params.count, 7);
    assert.deepEqual(params.list, ['a', 'b']);
  });

  test('none is lost when several save at once', async () => {
    await saved({ counter: 0 });
    const increment = { counter: { __op: 'Increment', amount: 1 } };
    await Promise.all(Array.from({ length: 20 }, (_, i) => saved({ ...increment, [`parallel${i}`]: i })));
    const { params } = await read();
    assert.equal(params.counter, 20);
    for (let i = 0; i < 20; ++i) assert.equal(params[`parallel${i}`], i);
  });
});

describe('who may', () => {
  test('clients see neither private parameters nor their flags', async () => {
    await saved({ secret: 's3cret', open: 1 }, { secret: true, open: false });
    const shown = await read(master);
    assert.equal(shown.params.secret, 's3cret');
    assert.equal(shown.masterKeyOnly.secret, true);
    const seen = await api.request('GET', '/config');
    assert.doesNotMatch(seen.text, /secret|s3cret/);
    assert.equal(seen.json.params.open, 1);
  });

  test('saving a parameter without its flag makes it public', async () => {
    await saved({ turned: 1 }, { turned: true });
    await saved({ turned: 2 });
    assert.equal((await read()).params.turned, 2);
  });

  test('only the master key saves', async () => {
    const refused = await api.request('PUT', '/config', { params: { mine: 1 } });
    assert.deepEqual(assertStatus(refused, 403), { error: 'Permission denied' });
    assert.ok(!('mine' in (await read(master)).params));
  });

  test('reading needs the keys of the application', async () => {
    assertUnauthorized(await api.request('GET', '/config', undefined, { anonymous: true }));
  });
});

describe('refused', { skip: oursOnly }, () => {
  const cases = [
    ['params that are a list', { params: [] }, 107],
    ['params that are text', { params: 'a' }, 107],
    ['flags that are a list', { params: { a: 1 }, masterKeyOnly: [] }, 107],
    ['an empty name', { params: { '': 1 } }, 105],
    ['a dotted name', { params: { 'a.b': 1 } }, 105],
    ['a name with a dollar', { params: { $a: 1 } }, 105],
    ['an unknown operator', { params: { a: { __op: 'Explode' } } }, 108],
    ['an increment of text', { params: { a: { __op: 'Increment', amount: 'x' } } }, [107, 111]],
    ['a relation', { params: { a: { __op: 'AddRelation', objects: [] } } }, 107],
    ['a date that is none', { params: { a: { __type: 'Date', iso: 'x' } } }, [107, 111]],
    ['a denied key', { params: { a: { __proto__x: 1, _bsontype: 'Code' } } }, 105],
  ];
  for (const [title, body, code] of cases) {
    test(title, async () => {
      const before = await read(master);
      assertError(await api.request('PUT', '/config', body, master), 400, code);
      assert.deepEqual(await read(master), before);
    });
  }
});

test('survives a restart', { skip: ownServerOnly }, async () => {
  const first = await startOwnServer();
  const params = { a: { __type: 'Date', iso: '2020-01-01T00:00:00.000Z' } };
  assertOk(await first.api.request('PUT', '/config', { params, masterKeyOnly: { a: true } }, master));
  await first.stop();
  const second = await startOwnServer({ dataDir: first.dataDir });
  assert.deepEqual(assertOk(await second.api.request('GET', '/config', undefined, master)), { params, masterKeyOnly: { a: true } });
  assert.deepEqual(assertOk(await second.api.request('GET', '/config')), { params: {}, masterKeyOnly: {} });
  await second.stop();
});

test('serverInfo offers it to dashboards', async () => {
  const { features } = assertOk(await api.request('GET', '/serverInfo', undefined, master));
  assert.deepEqual(features.globalConfig, { create: true, read: true, update: true, delete: true });
});
