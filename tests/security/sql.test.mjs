// SQL in values, names and paths: what a client sends is a value or is refused, never part of a statement.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertError, assertNoServerError, assertOk, createdId, ownFields } from '../support/assert.mjs';
import { queryString } from '../support/client.mjs';
import { isParseServer, oursOnly, uniqueName } from '../support/server.mjs';
import { assertNoDatabaseWords, attackedServer, master } from './attacked.mjs';

const { api, C, id, row, assertUnchanged } = await attackedServer();

describe('SQL in values and names', () => {
  const patterns = ["A'B';SELECT 1;--", "\\Qa'\\E' OR 1=1--", "\\Qa\\'b", "x' OR '1'='1", '\\Qno end', "%' OR 1=1 --"];
  for (const $regex of patterns) {
    test(`$regex ${$regex} (GHSA-6927-3vr9-fxf2, GHSA-c2hr-cqg6-8j6r)`, { skip: oursOnly }, async () => {
      const response = await api.find(C, { where: { name: { $regex } } });
      if (response.status === 200) assert.deepEqual(response.json.results, []);
      else assertError(response, 400, 102);
      assertNoDatabaseWords(response);
    });
  }

  for (const order of [
    `data.x' ASC; UPDATE "${C}" SET name='hacked' WHERE true--`,
    `data.x' ASC; UPDATE "${C}" SET name=$$hacked$$ --`,
    "data.x\\' ASC",
    'data.x"',
    'data.x)',
  ]) {
    test(`order ${order} (GHSA-qpr4-jrj4-6f27)`, async () => {
      const response = await api.find(C, { order });
      assertNoServerError(response);
      assertNoDatabaseWords(response);
      await assertUnchanged();
    });
  }

  test('order by ordinary dotted names', async () => {
    assert.equal(assertOk(await api.find(C, { order: 'data.key' })).results.length, 1);
  });

  for (const amount of ['0+(SELECT 1)', '1', null, {}, []]) {
    test(`Increment of a dotted key by ${JSON.stringify(amount)} (GHSA-q3vj-96h2-gwvg)`, { skip: oursOnly }, async () => {
      assertError(await api.update(C, id, { 'stats.counter': { __op: 'Increment', amount } }), 400, 107);
      await assertUnchanged();
    });
  }

  for (const key of [
    "stats.x' || (SELECT 1) || '",
    'stats.x" || (1) || "',
    'stats.x":0,"evil(3)',
    'stats.x\\',
    'stats.x\u0001',
    'stats.$[0]',
    'stats.#-1',
  ]) {
    test(`Increment of ${JSON.stringify(key)} (GHSA-gqpp-xgvh-9h7h)`, { skip: oursOnly }, async () => {
      const other = createdId(await api.create(C, row));
      const response = await api.update(C, other, { [key]: { __op: 'Increment', amount: 1 } });
      assertNoServerError(response);
      assertNoDatabaseWords(response);
      const { stats } = assertOk(await api.get(C, other));
      const expected = response.status === 200 ? { ...row.stats, [key.slice('stats.'.length)]: 1 } : row.stats;
      assert.deepEqual(stats, expected);
      assertOk(await api.remove(C, other));
    });
  }

  for (const name of [
    'name" OR 1=1 --',
    "name' OR 1=1",
    'name;',
    'name(',
    'na me',
    'name"',
    'name`',
    'name]',
    'name/*',
    'name\0',
    'name\n',
  ]) {
    for (const options of [{}, master]) {
      test(`where on ${JSON.stringify(name)}${options.master ? ' by the master key' : ''} (GHSA-c442-97qw-j6c6)`, async () => {
        for (const constraint of [{ $regex: 'x' }, { $exists: true }, 'x', { $in: ['x'] }]) {
          assertError(await api.find(C, { where: { [name]: constraint } }, options), 400, 105);
          assertError(await api.find(C, { where: { $or: [{ [name]: constraint }] } }, options), 400, 105);
        }
      });
    }
  }

  test('fields that are not there are no constants', async () => {
    for (const parameters of [
      { order: 'nosuch' },
      { order: '-nosuch,name' },
      { keys: 'nosuch' },
      { include: 'nosuch' },
      { excludeKeys: 'nosuch' },
    ]) {
      assertOk(await api.find(C, parameters));
    }
    assert.deepEqual(assertOk(await api.find(C, { where: { nosuch: 'nosuch' } })).results, []);
    if (!isParseServer) assert.deepEqual(assertOk(await api.find(C, { where: { nosuch: { $gt: '' } } })).results, []);
  });

  test('names in keys, include and excludeKeys reach no SQL', async () => {
    for (const name of ['a" FROM x --', "a'b", '*)', '`', '_rperm', '_seq', 'rowid']) {
      for (const parameter of ['keys', 'include', 'excludeKeys', 'order']) {
        const response = await api.request('POST', `/classes/${C}`, { _method: 'GET', [parameter]: name });
        if (oursOnly && response.status === 500) continue;
        assertNoServerError(response);
        if (!name.startsWith('_')) assertNoDatabaseWords(response);
      }
    }
    await assertUnchanged();
  });
});

describe('SQL in aggregation, by the master key (GHSA-p2w6-rmh7-w8q3)', () => {
  const names = ['name" OR 1=1 --', "name' OR 1=1 --", 'name`', 'name)', 'a;b', "data' OR '1'='1.tag"];
  const pipelines = (name) => [
    [{ $group: { _id: { alias: `$${name}` } } }],
    [{ $group: { _id: { day: { $dayOfMonth: `$${name}` } } } }],
    [{ $group: { _id: null, total: { $sum: `$${name}` } } }],
    [{ $group: { _id: null, [name]: { $sum: 1 } } }],
    [{ $match: { [name]: 'x' } }],
    [{ $sort: { [name]: 1 } }],
    [{ $project: { [name]: 1 } }],
  ];
  for (const name of names) {
    test(name, { skip: oursOnly }, async () => {
      const asked = [...pipelines(name).map((pipeline) => ({ pipeline })), { distinct: name }];
      for (const parameters of asked) {
        const response = await api.request('GET', `/aggregate/${C}${queryString(parameters)}`, undefined, master);
        assertError(response, 400, [102, 105]);
        assertNoDatabaseWords(response);
      }
      await assertUnchanged();
    });
  }

  test('stages that write or run code', { skip: oursOnly }, async () => {
    for (const stage of [{ $out: 'Stolen' }, { $merge: { into: C } }, { $group: { _id: null, x: { $function: { body: 'return 1' } } } }]) {
      const response = await api.request('GET', `/aggregate/${C}${queryString({ pipeline: [stage] })}`, undefined, master);
      assertError(response, 400, 102);
    }
    await assertUnchanged();
  });

  test('a client may not aggregate', async () => {
    const response = await api.request('GET', `/aggregate/${C}${queryString({ pipeline: [] })}`);
    assert.equal(response.status, 403, response.text);
  });
});

// SQLite takes a quoted name that is no column for a text, knows hidden columns, and does not tell the case of names.
describe('names that SQLite knows', () => {
  const words = ['select', 'order', 'group', 'table', 'rowid', 'oid', 'sqlite_master', 'sqlite_sequence', 'json', 'values', 'null'];
  test('as fields', async () => {
    const D = uniqueName('Words');
    const object = Object.fromEntries(words.map((word, n) => [word, n]));
    const made = createdId(await api.create(D, object));
    assert.deepEqual(ownFields(assertOk(await api.get(D, made))), object);
    for (const [word, n] of Object.entries(object)) {
      const found = assertOk(await api.find(D, { where: { [word]: n }, order: `-${word}` })).results;
      assert.deepEqual(found.map(ownFields), [object]);
      assert.deepEqual(assertOk(await api.find(D, { where: { [word]: n + 100 } })).results, []);
    }
  });

  test('as classes', async () => {
    for (const word of words) {
      const response = await api.create(word, { n: 1 });
      assertNoServerError(response);
      assertNoDatabaseWords({ text: response.text.replaceAll(word, '') });
      if (response.status === 201) assert.deepEqual(assertOk(await api.find(word)).results.map(ownFields), [{ n: 1 }]);
    }
  });

  test('fields that differ by case are different fields', async () => {
    const D = uniqueName('Cased');
    const object = { value: 1, VALUE: 2, Value: 3 };
    const made = createdId(await api.create(D, object));
    assertOk(await api.update(D, made, { VALUE: { __op: 'Increment', amount: 10 } }));
    assert.deepEqual(ownFields(assertOk(await api.get(D, made))), { value: 1, VALUE: 12, Value: 3 });
  });

  test('a text with NUL is not cut', async () => {
    const D = uniqueName('Nul');
    const made = createdId(await api.create(D, { name: 'a\u0000b' }));
    assert.equal(assertOk(await api.get(D, made)).name, 'a\u0000b');
    assert.deepEqual(assertOk(await api.find(D, { where: { name: 'a' } })).results, []);
    assert.equal(assertOk(await api.find(D, { where: { name: 'a\u0000b' } })).results.length, 1);
  });
});
