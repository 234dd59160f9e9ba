// Saves and definitions that once were answered with a 5xx, or let through what they must not.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertError, assertOk, createdId, ownFields } from '../support/assert.mjs';
import { oursOnly, startServer, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
const pointer = (className, objectId) => ({ __type: 'Pointer', className, objectId });

describe('a dotted change reaches into objects and arrays only', { skip: oursOnly }, () => {
  const C = uniqueName('Typed');
  const values = {
    date: { __type: 'Date', iso: '2020-01-01T00:00:00.000Z' },
    point: { __type: 'GeoPoint', latitude: 1, longitude: 2 },
    bytes: { __type: 'Bytes', base64: 'YQ==' },
    other: pointer(C, 'x'),
    text: 'text',
    number: 1,
  };
  const changes = { 'date.iso': 'Date', 'point.latitude': 'GeoPoint', 'bytes.base64': 'Bytes', 'other.objectId': `Pointer<${C}>` };
  for (const [key, type] of Object.entries({ ...changes, 'point.nothing': 'GeoPoint', 'text.a': 'String', 'number.0': 'Number' })) {
    for (const [name, value] of Object.entries({ Delete: { __op: 'Delete' }, null: null })) {
      test(`${name} of ${key}`, async () => {
        const id = createdId(await api.create(C, values));
        const message = new RegExp(`^schema mismatch for ${C}\\.\\w+; expected ${type} but got `);
        assertError(await api.update(C, id, { [key]: value }), 400, 111, message);
        assert.deepEqual(ownFields(assertOk(await api.get(C, id))), values);
      });
    }
  }

  for (const key of ['ACL.x', 'ACL.*', 'objectId.x', 'createdAt.iso', 'updatedAt.iso']) {
    test(`${key} is no field`, async () => {
      const id = createdId(await api.create(C, values));
      assertError(await api.update(C, id, { [key]: { '*': { read: true } } }), 400, 105, `${key} is an invalid field name.`);
    });
  }
});

test('a save makes a bounded number of changes', { skip: oursOnly }, async () => {
  const ops = Array.from({ length: 100 }, () => ({ __op: 'Increment', amount: 1 }));
  const body = Object.fromEntries(Array.from({ length: 41 }, (_, i) => [`n${i}`, { __op: 'Batch', ops }]));
  assertError(await api.create(uniqueName('Busy'), body), 400, 107);
});

describe('names of classes', { skip: oursOnly }, () => {
  const long = 'C'.repeat(129);
  test('have a longest', async () => {
    assertError(await api.create(long, { a: 1 }), 400, 107, 'schema class name does not revalidate');
    assertError(await api.create(uniqueName('Pointing'), { to: pointer(long, 'x') }), 400, 103);
    assertError(await api.schema('POST', long, {}), 400, 103);
    const fields = { to: { type: 'Relation', targetClass: long } };
    assertError(await api.schema('POST', uniqueName('Relating'), { fields }), 400, 103);
    createdId(await api.create(long.slice(1), { a: 1 }));
  });

  for (const name of ['json_each', 'JSON_EACH', 'json_tree', 'sqlite_master', 'pragma_table_info', 'dbstat']) {
    test(`may be ${name}`, async () => {
      const id = createdId(await api.create(name, { name: 'a', price: 1 }));
      const ids = async (where) => assertOk(await api.find(name, { where })).results.map((row) => row.objectId);
      assert.deepEqual(await ids({ name: { $in: ['a', 'b'] } }), [id]);
      assert.deepEqual(await ids({ objectId: { $in: [id] }, price: { $in: [1, 2] } }), [id]);
    });
  }
});

describe('a field that a rule lets some users add', { skip: oursOnly }, () => {
  test('is not added by a caller who is none of them', async () => {
    const C = uniqueName('Guarded');
    const fields = { owner: { type: 'Pointer', targetClass: '_User' }, name: { type: 'String' } };
    const anyone = { '*': true };
    const classLevelPermissions = { create: anyone, update: anyone, get: anyone, addField: { pointerFields: ['owner'] } };
    assertOk(await api.schema('POST', C, { fields, classLevelPermissions }));
    const id = createdId(await api.create(C, { name: 'a' }));
    assertError(await api.create(C, { name: 'b', extra: 1 }), 400, 119, 'Permission denied');
    assertError(await api.update(C, id, { extra: 1 }), 404, 101);
    assert.equal(assertOk(await api.schema('GET', C)).fields.extra, undefined);
    assertOk(await api.update(C, id, { extra: 1 }, { master: true }));
  });
});
