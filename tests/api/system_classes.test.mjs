// The classes of Parse itself, as /schemas shows and changes them.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { assertError, assertOk, createdId } from '../support/assert.mjs';
import { folderOf } from '../support/files.mjs';
import { externalUrl, oursOnly, startOwnServer, startServer, temporaryFolder, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
const { schema } = api;
const skip = externalUrl !== undefined && 'needs a server of its own';

const kStandard = { objectId: { type: 'String' }, createdAt: { type: 'Date' }, updatedAt: { type: 'Date' }, ACL: { type: 'ACL' } };
const kString = { type: 'String' };
const names = async ({ api: of }) => assertOk(await of.schema('GET')).results.map((entry) => entry.className);
const internal = ['_JobStatus', '_PushStatus', '_Hooks', '_GlobalConfig', '_GraphQLConfig', '_JobSchedule', '_Audience', '_Idempotency'];

async function withOwnServer(options, check) {
  const own = await startOwnServer(options);
  try {
    return await check(own);
  } finally {
    await own.stop();
  }
}

test('a fresh database lists users and roles', { skip }, async () => {
  await withOwnServer({}, async (own) => {
    assert.deepEqual((await names(own)).sort(), ['_Role', '_User']);
    for (const name of ['_Session', '_Installation', '_Product'])
      assertError(await own.api.schema('GET', name), 400, 103, `Class ${name} does not exist.`);
  });
});

test('users and roles have their columns', async () => {
  const user = assertOk(await schema('GET', '_User'));
  for (const [name, type] of Object.entries({ username: 'String', password: 'String', email: 'String', emailVerified: 'Boolean', authData: 'Object' }))
    assert.deepEqual(user.fields[name], { type }, name);
  assert.deepEqual(user.classLevelPermissions.find, { '*': true });
  assert.deepEqual(assertOk(await schema('GET', '_Role')).fields, {
    ...kStandard,
    name: kString,
    users: { type: 'Relation', targetClass: '_User' },
    roles: { type: 'Relation', targetClass: '_Role' },
  });
});

test('a class that is made by its first use comes with its columns', { skip }, async () => {
  await withOwnServer({}, async (own) => {
    const made = assertOk(await own.api.schema('POST', '_Product', { fields: { extra: { type: 'Number' } } }));
    assert.deepEqual(made.fields.download, { type: 'File' });
    assert.deepEqual(made.fields.order, { type: 'Number' });
    assert.deepEqual(made.fields.extra, { type: 'Number' });
    assert.ok((await names(own)).includes('_Product'));
    const session = assertOk(await own.api.schema('POST', '_Session', {}));
    assert.deepEqual(session.fields.user, { type: 'Pointer', targetClass: '_User' });
  });
});

describe('internal classes', () => {
  for (const name of internal) {
    test(name, async () => {
      assert.ok(!(await names(server)).includes(name));
      assert.deepEqual(assertOk(await schema('GET', name)).classLevelPermissions, {});
      assertError(await schema('POST', name, {}), 400, 103, `Class ${name} already exists.`);
      assertError(await schema('PUT', name, { fields: { x: { type: 'Number' } } }), 400, 103, `Class ${name} does not exist.`);
    });
  }
  test('stay when they are dropped', { skip: oursOnly }, async () => {
    assert.deepEqual(assertOk(await schema('DELETE', '_Hooks')), {});
    assertOk(await schema('GET', '_Hooks'));
  });
});

describe('changes of _User', () => {
  test('own fields come and go', async () => {
    const name = uniqueName('nick');
    assert.deepEqual(assertOk(await schema('PUT', '_User', { fields: { [name]: kString } })).fields[name], kString);
    assert.equal(assertOk(await schema('PUT', '_User', { fields: { [name]: { __op: 'Delete' } } })).fields[name], undefined);
  });

  test('its own columns are as they are', async () => {
    assertOk(await schema('PUT', '_User', { fields: { username: kString, objectId: kString } }));
    assertError(await schema('PUT', '_User', { fields: { username: { __op: 'Delete' } } }), 400, 136, 'field username cannot be changed');
    assertError(await schema('PUT', '_User', { fields: { username: { type: 'Number' } } }), 400, 255, 'Field username exists, cannot update.');
    assertError(await schema('POST', '_Installation', { fields: { badge: { type: 'Number' } } }), 400, 136, 'field badge cannot be added');
  });

  test('cannot be made twice', async () => {
    assertError(await schema('POST', '_User', {}), 400, 103, 'Class _User already exists.');
  });
});

test('pointers and relations lead to users', async () => {
  const C = uniqueName('Owned');
  const user = { __type: 'Pointer', className: '_User', objectId: 'someuserid' };
  const id = createdId(await api.create(C, { owner: user, members: { __op: 'AddRelation', objects: [user] } }));
  const { fields } = assertOk(await schema('GET', C));
  assert.deepEqual(fields.owner, { type: 'Pointer', targetClass: '_User' });
  assert.deepEqual(fields.members, { type: 'Relation', targetClass: '_User' });
  assert.deepEqual(assertOk(await api.find(C, { where: { owner: user } })).results[0].objectId, id);
});

test('definition files name them, and a restart keeps what they add', { skip }, async () => {
  const definitions = [
    { className: '_User', fields: { ...kStandard, username: kString, nick: kString } },
    { className: '_Session', fields: {} },
  ];
  const dataDir = path.join(temporaryFolder(), 'data');
  await withOwnServer({ dataDir, schema: folderOf({ 'users.json': definitions }) }, async (own) => {
    const { fields, classLevelPermissions } = assertOk(await own.api.schema('GET', '_User'));
    assert.deepEqual(fields.nick, kString);
    assert.deepEqual(fields.password, kString);
    assert.deepEqual(classLevelPermissions.create, { '*': true });
    assert.ok((await names(own)).includes('_Session'));
  });
  await withOwnServer({ dataDir }, async (own) => assert.deepEqual(assertOk(await own.api.schema('GET', '_User')).fields.nick, kString));
});

describe('objects of the classes of Parse itself', () => {
  const master = { master: true };

  test('the master key reads the internal classes, and nobody else', async () => {
    for (const name of internal) {
      assert.deepEqual(assertOk(await api.find(name, {}, master)).results, [], name);
      assertError(await api.get(name, 'doesNotEx1', {}, master), 404, 101);
      assertError(await api.find(name), 400, 119);
      assertError(await api.get(name, 'doesNotEx1'), 400, 119);
    }
  });

  test('the master key reads the rows of a relation, and nobody else', async () => {
    const [Owner, Target] = ['JoinOwner', 'JoinTarget'].map(uniqueName);
    const targets = [];
    for (const n of [1, 2, 3]) targets.push(createdId(await api.create(Target, { n })));
    const related = (ids) => ({
      __op: 'AddRelation',
      objects: ids.map((objectId) => ({ __type: 'Pointer', className: Target, objectId })),
    });
    const one = createdId(await api.create(Owner, { rel: related(targets) }));
    const other = createdId(await api.create(Owner, { rel: related(targets.slice(0, 1)) }));
    const join = `_Join:rel:${Owner}`;
    const rows = async (parameters) => assertOk(await api.find(join, parameters, master));
    const pairs = ({ results }) => results.map((row) => `${row.owningId} ${row.relatedId}`).sort();

    assert.deepEqual(pairs(await rows({ where: { owningId: one } })), targets.map((id) => `${one} ${id}`).sort());
    assert.deepEqual(pairs(await rows({ where: { relatedId: targets[0] } })), [one, other].map((id) => `${id} ${targets[0]}`).sort());
    assert.deepEqual(pairs(await rows({ where: { owningId: other, relatedId: targets[1] } })), []);
    assert.equal((await rows({})).results.length, 4);
    const page = await rows({ limit: 2, skip: 1, count: 1 });
    assert.deepEqual([page.results.length, page.count], [2, 4]);
    assert.deepEqual(await rows({ limit: 0, count: 1 }), { results: [], count: 4 });
    assert.deepEqual((await rows({ skip: 4 })).results, []);
    for (const nothing of [`_Join:no:${Owner}`, `_Join:objectId:${Owner}`, '_Join:rel:Nowhere', '_Join:rel', '_Join:'])
      assert.deepEqual(assertOk(await api.find(nothing, {}, master)).results, [], nothing);
    assertError(await api.find(join), 400, 119);
    assertError(await api.create(join, { owningId: one, relatedId: one }, master), 400, 119);
  });

  test('a filter of a relation names ids', { skip: oursOnly }, async () => {
    const join = '_Join:users:_Role';
    for (const where of [{ owningId: { $ne: 'x' } }, { other: 1 }, { owningId: 5 }, { $or: [{ owningId: 'a' }, { owningId: 'b' }] }])
      assertError(await api.find(join, { where }, master), 400, 102);
  });

  test('names that no class can have are empty and take nothing', async () => {
    assert.deepEqual(assertOk(await api.find('_Nope')).results, []);
    assertError(await api.create('_Nope', { a: 1 }), 400, 107, 'schema class name does not revalidate');
    assertError(await api.create('_Nope', { a: 1 }, master), 400, 107);
  });

  test('a product needs its five fields', { skip }, async () => {
    await withOwnServer({}, async ({ api: own }) => {
      const file = { __type: 'File', name: 'icon.png' };
      const product = { productIdentifier: 'p', icon: file, order: 1, title: 't', subtitle: 's' };
      for (const name of Object.keys(product)) {
        const { [name]: _left, ...rest } = product;
        assertError(await own.create('_Product', rest), 400, 111, `${name} is required.`);
        assertError(await own.create('_Product', { ...rest, [name]: null }), 400, 111, `${name} is required.`);
      }
      const id = createdId(await own.create('_Product', product));
      assert.equal(assertOk(await own.find('_Product', { where: { order: 1 } })).results[0].objectId, id);
      assertError(await own.update('_Product', id, { title: { __op: 'Delete' } }), 400, 111, 'title is required.');
      assertOk(await own.update('_Product', id, { title: 'other' }));
      assert.deepEqual(assertOk(await own.schema('GET', '_Product')).fields.download, { type: 'File' });
    });
  });
});
