// Class permissions that depend on what an object points to, for callers without a user: nothing points to them.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertError, assertOk, createdId } from '../support/assert.mjs';
import { oursOnly, startServer, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
const master = { master: true };
const kFields = { owner: { type: 'Pointer', targetClass: '_User' }, team: { type: 'Array' }, n: { type: 'Number' } };
const kUser = { __type: 'Pointer', className: '_User', objectId: 'aaaaaaaaaa' };
const byPointer = { pointerFields: ['owner', 'team'] };
const kAll = Object.fromEntries(['find', 'get', 'count', 'create', 'update', 'delete', 'addField'].map((name) => [name, { '*': true }]));
const kNone = Object.fromEntries(Object.keys(kAll).map((name) => [name, {}]));
const everyByPointer = Object.fromEntries(Object.keys(kAll).map((name) => [name, byPointer]));

async function makeClass(name, classLevelPermissions) {
  const C = uniqueName(name);
  assertOk(await api.schema('POST', C, { className: C, fields: kFields, classLevelPermissions }));
  return { C, id: createdId(await api.create(C, { n: 1, owner: kUser, team: [kUser] }, master)) };
}

const kSettings = {
  pointerFields: everyByPointer,
  'readUserFields and writeUserFields': { ...kNone, readUserFields: ['owner'], writeUserFields: ['team'] },
  both: { ...everyByPointer, readUserFields: ['owner'], writeUserFields: ['owner'] },
};
for (const [title, permissions] of Object.entries(kSettings)) {
  describe(title, () => {
    let made;
    before(async () => (made = await makeClass(title.replace(/\W/g, ''), permissions)));

    test('a get and a find by id are answered as if the object was not there', async () => {
      assertError(await api.get(made.C, made.id), 404, 101, 'Object not found.');
      assertError(await api.find(made.C, { where: { objectId: made.id } }), 404, 101, 'Object not found.');
    });

    test('a find and a count find nothing', async () => {
      for (const where of [{}, { n: 1 }, { owner: kUser }, { $or: [{ n: 1 }, { objectId: made.id }] }]) {
        assert.deepEqual(assertOk(await api.find(made.C, { where })).results, []);
      }
    });

    test('a count is 0', { skip: oursOnly }, async () => {
      assert.equal(assertOk(await api.find(made.C, { count: 1, limit: 0 })).count, 0);
    });

    test('an update and a delete do not find the object', async () => {
      assertError(await api.update(made.C, made.id, { n: 2 }), 404, 101, 'Object not found.');
      assertError(await api.remove(made.C, made.id), 404, 101, 'Object not found.');
      assert.equal(assertOk(await api.get(made.C, made.id, {}, master)).n, 1);
    });

    test('a create is refused', async () => assertError(await api.create(made.C, { n: 2, owner: kUser }), 400, 119, 'Permission denied'));

    test('a new field by an update does not find the object, and is not added', { skip: oursOnly }, async () => {
      assertError(await api.update(made.C, made.id, { fresh: 1 }), 404, 101, 'Object not found.');
      assert.equal(assertOk(await api.schema('GET', made.C)).fields.fresh, undefined);
    });
  });
}

describe('new fields', () => {
  test('are not added by a create where an object would have to allow it', { skip: oursOnly }, async () => {
    for (const permissions of [{ ...kAll, addField: byPointer }, { ...kAll, addField: {}, writeUserFields: ['owner'] }]) {
      const { C } = await makeClass(`Adding${Object.keys(permissions).length}`, permissions);
      assertError(await api.create(C, { n: 1, owner: kUser, fresh: 1 }), 400, 119, 'Permission denied');
      createdId(await api.create(C, { n: 1, owner: kUser }));
    }
  });
});

describe('with other permissions beside them', () => {
  test('an open operation does not ask for pointers', async () => {
    const { C, id } = await makeClass('OpenToo', { ...kAll, find: { ...byPointer, '*': true }, readUserFields: ['owner'] });
    assert.equal(assertOk(await api.find(C, {})).results.length, 1);
    assertOk(await api.get(C, id));
  });

  test('where users are asked for, nobody is told so before all', async () => {
    const { C, id } = await makeClass('SignedIn', { ...kNone, get: { ...byPointer, requiresAuthentication: true } });
    assertError(await api.get(C, id), 404, 101, 'Permission denied');
  });
});
