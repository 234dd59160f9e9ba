// Referential actions: what a deletion does to the objects whose Pointer and Relation fields lead to the deleted one.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertError, assertOk, createdId } from '../support/assert.mjs';
import { oursOnly, startServer, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
const { schema } = api;
const skip = oursOnly;
const master = { master: true };

const pointer = (className, objectId) => ({ __type: 'Pointer', className, objectId });
const add = (className, ...ids) => ({ __op: 'AddRelation', objects: ids.map((id) => pointer(className, id)) });
const idsOf = async (C, where = {}) =>
  assertOk(await api.find(C, { where, order: 'objectId' })).results.map((row) => row.objectId);
const membersOf = async (T, owner, key) => idsOf(T, { $relatedTo: { object: owner, key } });

// A class T, and a class C with one field to it.
async function makeClasses(name, type, onDelete, more = {}) {
  const [T, C] = [uniqueName(`${name}Target`), uniqueName(name)];
  assertOk(await schema('POST', T, {}));
  assertOk(await schema('POST', C, { fields: { to: { type, targetClass: T, ...(onDelete ? { onDelete } : {}), ...more }, n: { type: 'Number' } } }));
  return [T, C];
}

describe('definitions', { skip }, () => {
  test('are kept and shown; "none" is as if nothing was said', async () => {
    const [T, C] = await makeClasses('Shown', 'Pointer', 'cascade');
    const field = { type: 'Pointer', targetClass: T, onDelete: 'cascade' };
    assert.deepEqual(assertOk(await schema('GET', C)).fields.to, field);
    assert.deepEqual(assertOk(await schema('PUT', C, { fields: { to: { ...field, onDelete: 'restrict' } } })).fields.to.onDelete, 'restrict');
    assert.equal(assertOk(await schema('PUT', C, { fields: { to: { ...field, onDelete: 'none' } } })).fields.to.onDelete, undefined);
  });

  for (const [title, field] of [
    ['an unknown action', { type: 'Pointer', targetClass: 'A', onDelete: 'explode' }],
    ['no text', { type: 'Pointer', targetClass: 'A', onDelete: 5 }],
    ['another type', { type: 'String', onDelete: 'clear' }],
    ['clear on a required field', { type: 'Pointer', targetClass: 'A', required: true, onDelete: 'clear' }],
  ]) {
    test(`refused: ${title}`, async () => {
      assertError(await schema('POST', uniqueName('RefusedAction'), { fields: { to: field } }), 400, 111, /onDelete/);
    });
  }
});

describe('pointers', { skip }, () => {
  const make = async (onDelete) => {
    const [T, C] = await makeClasses(`Pointer_${onDelete ?? 'none'}`, 'Pointer', onDelete);
    const [gone, kept] = [createdId(await api.create(T, {})), createdId(await api.create(T, {}))];
    const referrer = createdId(await api.create(C, { to: pointer(T, gone), n: 1 }));
    const other = createdId(await api.create(C, { to: pointer(T, kept), n: 2 }));
    return { T, C, gone, kept, referrer, other };
  };

  test('nothing by default', async () => {
    const { T, C, gone, referrer } = await make();
    assertOk(await api.remove(T, gone));
    assert.deepEqual(assertOk(await api.get(C, referrer)).to, pointer(T, gone));
  });

  test('clear unsets the field', async () => {
    const { T, C, gone, kept, referrer, other } = await make('clear');
    const before = assertOk(await api.get(C, referrer));
    assertOk(await api.remove(T, gone));
    const row = assertOk(await api.get(C, referrer));
    assert.equal(row.to, undefined);
    assert.equal(row.n, 1);
    assert.ok(row.updatedAt >= before.updatedAt);
    assert.deepEqual(assertOk(await api.get(C, other)).to, pointer(T, kept));
  });

  test('cascade deletes the objects', async () => {
    const { T, C, gone, other } = await make('cascade');
    assertOk(await api.remove(T, gone));
    assert.deepEqual(await idsOf(C), [other]);
  });

  test('restrict refuses', async () => {
    const { T, C, gone, referrer } = await make('restrict');
    assertError(await api.remove(T, gone), 400, 142, new RegExp(`^This object of class ${T} cannot be deleted: ${C}\\.to of other objects leads to it\\.$`));
    assertOk(await api.get(T, gone));
    assertOk(await api.remove(C, referrer));
    assertOk(await api.remove(T, gone));
  });

  test('objects that the caller may not touch are reached, too', async () => {
    const [T, C] = await makeClasses('Unreachable', 'Pointer', 'cascade');
    const gone = createdId(await api.create(T, {}));
    createdId(await api.create(C, { to: pointer(T, gone), ACL: { nobody1234: { read: true } } }));
    assertOk(await api.remove(T, gone));
    assert.equal(assertOk(await api.find(C, { count: 1, limit: 0 }, master)).count, 0);
  });
});

describe('relations', { skip }, () => {
  const make = async (onDelete) => {
    const [T, C] = await makeClasses(`Relation_${onDelete ?? 'none'}`, 'Relation', onDelete);
    const [gone, kept] = [createdId(await api.create(T, {})), createdId(await api.create(T, {}))];
    const owner = createdId(await api.create(C, { to: add(T, gone, kept) }));
    const other = createdId(await api.create(C, { to: add(T, kept) }));
    return { T, C, gone, kept, owner, other };
  };

  test('clear takes the member out', async () => {
    const { T, C, gone, kept, owner } = await make('clear');
    assertOk(await api.remove(T, gone));
    assert.deepEqual(await membersOf(T, pointer(C, owner), 'to'), [kept]);
    assert.deepEqual(await idsOf(C, { to: pointer(T, gone) }), []);
  });

  test('cascade deletes the owners', async () => {
    const { T, C, gone, other } = await make('cascade');
    assertOk(await api.remove(T, gone));
    assert.deepEqual(await idsOf(C), [other]);
  });

  test('restrict refuses until the last owner has let go, or is gone', async () => {
    const { T, C, gone, kept, owner, other } = await make('restrict');
    assertError(await api.remove(T, gone), 400, 142);
    assertOk(await api.update(C, owner, { to: { __op: 'RemoveRelation', objects: [pointer(T, gone)] } }));
    assertOk(await api.remove(T, gone));
    assertError(await api.remove(T, kept), 400, 142);
    assertOk(await api.remove(C, owner));
    assertOk(await api.remove(C, other));
    assertOk(await api.remove(T, kept));
  });
});

describe('chains', { skip }, () => {
  test('a tree goes with its root, a ring with any of its objects', async () => {
    const C = uniqueName('Tree');
    assertOk(await schema('POST', C, { fields: { parent: { type: 'Pointer', targetClass: C, onDelete: 'cascade' } } }));
    const root = createdId(await api.create(C, {}));
    let last = root;
    for (let i = 0; i < 20; ++i) last = createdId(await api.create(C, { parent: pointer(C, last) }));
    assertOk(await api.remove(C, root));
    assert.deepEqual(await idsOf(C), []);

    const first = createdId(await api.create(C, {}));
    const second = createdId(await api.create(C, { parent: pointer(C, first) }));
    assertOk(await api.update(C, first, { parent: pointer(C, second) }));
    assertOk(await api.remove(C, second));
    assert.deepEqual(await idsOf(C), []);
  });

  test('a chain that is too long is refused, and nothing of it is done', async () => {
    const C = uniqueName('Chain');
    assertOk(await schema('POST', C, { fields: { parent: { type: 'Pointer', targetClass: C, onDelete: 'cascade' } } }));
    const root = createdId(await api.create(C, {}));
    let last = root;
    for (let i = 0; i < 101; ++i) last = createdId(await api.create(C, { parent: pointer(C, last) }));
    assertError(await api.remove(C, root), 400, 155, /reaches more than 10000 other objects, or goes through more than 100/);
    assert.equal(assertOk(await api.find(C, { count: 1, limit: 0 })).count, 102);
  });

  test('a restriction further on refuses the whole', async () => {
    const [A, B, C] = ['ChainA', 'ChainB', 'ChainC'].map(uniqueName);
    assertOk(await schema('POST', A, {}));
    assertOk(await schema('POST', B, { fields: { a: { type: 'Pointer', targetClass: A, onDelete: 'cascade' } } }));
    assertOk(await schema('POST', C, { fields: { b: { type: 'Pointer', targetClass: B, onDelete: 'restrict' } } }));
    const a = createdId(await api.create(A, {}));
    const b = createdId(await api.create(B, { a: pointer(A, a) }));
    createdId(await api.create(C, { b: pointer(B, b) }));
    assertError(await api.remove(A, a), 400, 142);
    assertOk(await api.get(B, b));
  });
});

describe('purge', () => {
  test('deletes all objects and keeps the class', async () => {
    const C = uniqueName('Purged');
    const id = createdId(await api.create(C, { n: 1 }));
    createdId(await api.create(C, { n: 2, self: add(C, id) }));
    assert.deepEqual(assertOk(await api.request('DELETE', `/purge/${C}`, undefined, master)), {});
    assert.deepEqual(await idsOf(C), []);
    assert.deepEqual(assertOk(await schema('GET', C)).fields.n, { type: 'Number' });
    assert.deepEqual(assertOk(await api.request('DELETE', `/purge/${C}`, undefined, master)), {});
  });

  test('a class that is not there', async () => {
    assert.deepEqual(assertOk(await api.request('DELETE', `/purge/${uniqueName('NoSuch')}`, undefined, master)), {});
  });

  test('is for the master key', async () => {
    const C = uniqueName('Unpurged');
    createdId(await api.create(C, {}));
    assert.equal((await api.request('DELETE', `/purge/${C}`)).status, 403);
    assert.equal((await idsOf(C)).length, 1);
  });

  test('does what the fields that lead there ask for', { skip }, async () => {
    const [T, C] = await makeClasses('PurgedTarget', 'Pointer', 'clear');
    const ids = [];
    for (let i = 0; i < 3; ++i) ids.push(createdId(await api.create(T, {})));
    const id = createdId(await api.create(C, { to: pointer(T, ids[1]) }));
    assertOk(await api.request('DELETE', `/purge/${T}`, undefined, master));
    assert.equal(assertOk(await api.get(C, id)).to, undefined);
    assert.deepEqual(await idsOf(T), []);
  });

  test('a class whose objects restrict each other can be emptied', { skip }, async () => {
    const C = uniqueName('Ring');
    assertOk(await schema('POST', C, { fields: { next: { type: 'Pointer', targetClass: C, onDelete: 'restrict' } } }));
    const first = createdId(await api.create(C, {}));
    const second = createdId(await api.create(C, { next: pointer(C, first) }));
    assertOk(await api.update(C, first, { next: pointer(C, second) }));
    assertOk(await api.request('DELETE', `/purge/${C}`, undefined, master));
    assert.deepEqual(await idsOf(C), []);
  });
});
