// Class permissions (`*`), object ACLs (`*`) and what the master key may do, for callers without a user.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertError, assertOk, assertStatus, createdId } from '../support/assert.mjs';
import { oursOnly, startServer, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
const master = { master: true };
const kOperations = ['find', 'get', 'count', 'create', 'update', 'delete', 'addField'];
const kDenied = [400, 119, 'Permission denied'];

async function makeClass(name, permissions, fields = { text: { type: 'String' }, number: { type: 'Number' } }) {
  const className = uniqueName(name);
  assertOk(await api.schema('POST', className, { className, fields, classLevelPermissions: permissions }));
  return className;
}

// What each operation does when asked without a user on an object that is there; `id` is that object.
const attempts = {
  find: (C) => api.find(C, { where: { text: 'a' } }),
  get: (C, id) => api.get(C, id),
  count: (C) => api.find(C, { count: 1, limit: 0 }),
  create: (C) => api.create(C, { text: 'new' }),
  update: (C, id) => api.update(C, id, { text: 'changed' }),
  delete: (C, id) => api.remove(C, id),
};

describe('class permissions', () => {
  for (const allowed of Object.keys(attempts)) {
    describe(`only ${allowed} is open`, () => {
      let C;
      let id;
      before(async () => {
        C = await makeClass(`Only${allowed}`, { [allowed]: { '*': true } });
        id = createdId(await api.create(C, { text: 'a' }, master));
      });
      for (const operation of Object.keys(attempts)) {
        test(`${operation} is ${operation === allowed ? 'done' : 'refused'}`, async () => {
          const response = await attempts[operation](C, id);
          if (operation === allowed) assert.ok(response.status < 300, response.text);
          else assertError(response, ...kDenied);
        });
      }
    });
  }

  test('all closed: nothing for clients, everything for the master key', async () => {
    const C = await makeClass('Closed', Object.fromEntries(kOperations.map((operation) => [operation, {}])));
    const id = createdId(await api.create(C, { text: 'a', more: 1 }, master));
    for (const attempt of Object.values(attempts)) assertError(await attempt(C, id), ...kDenied);
    assert.equal(assertOk(await api.get(C, id, {}, master)).text, 'a');
    assert.equal(assertOk(await api.find(C, {}, master)).results.length, 1);
    assertOk(await api.update(C, id, { text: 'b' }, master));
    assertOk(await api.remove(C, id, master));
  });

  test('{} closes every operation', async () => {
    const C = await makeClass('Empty', {});
    const { classLevelPermissions } = assertOk(await api.schema('GET', C));
    for (const operation of kOperations) assert.deepEqual(classLevelPermissions[operation], {}, operation);
    assertError(await api.find(C), ...kDenied);
  });

  test('a class made by a client is open', async () => {
    const C = uniqueName('Open');
    createdId(await api.create(C, { text: 'a' }));
    const { classLevelPermissions } = assertOk(await api.schema('GET', C));
    for (const operation of kOperations) assert.deepEqual(classLevelPermissions[operation], { '*': true }, operation);
    assert.deepEqual(classLevelPermissions.protectedFields, { '*': [] });
    assert.deepEqual(classLevelPermissions.ACL, { '*': { read: true, write: true } });
  });

  test('addField decides about new fields alone', async () => {
    const C = await makeClass('NoNewFields', { find: { '*': true }, get: { '*': true }, create: { '*': true }, update: { '*': true } });
    const id = createdId(await api.create(C, { text: 'a' }));
    assertError(await api.create(C, { text: 'a', another: 1 }), ...kDenied);
    assertError(await api.update(C, id, { another: 1 }), ...kDenied);
    assertOk(await api.update(C, id, { text: 'b' }));
    assertOk(await api.update(C, id, { another: 1 }, master));
    assertOk(await api.update(C, id, { another: 2 }));
  });

  test('requiresAuthentication refuses callers without a session', async () => {
    const C = await makeClass('Members', { find: { requiresAuthentication: true }, get: { requiresAuthentication: true } });
    assertError(await api.find(C), 404, 101, 'Permission denied');
  });

  test('find by objectId asks for get', async () => {
    const C = await makeClass('GetOnly', { get: { '*': true } });
    const id = createdId(await api.create(C, { text: 'a' }, master));
    assert.equal(assertOk(await api.find(C, { where: { objectId: id } })).results.length, 1);
    assertError(await api.find(C, { where: { objectId: id, text: 'a' } }), ...kDenied);
  });

  test('count beside results asks for count', async () => {
    const C = await makeClass('NoCount', { find: { '*': true } });
    assertOk(await api.find(C));
    assertError(await api.find(C, { count: 1 }), ...kDenied);
  });

  test('a change is in force at once', async () => {
    const C = await makeClass('Changing', { find: { '*': true } });
    assertOk(await api.find(C));
    assertOk(await api.schema('PUT', C, { className: C, classLevelPermissions: { find: {} } }));
    assertError(await api.find(C), ...kDenied);
    assertOk(await api.schema('PUT', C, { className: C, classLevelPermissions: { find: { '*': true } } }));
    assertOk(await api.find(C));
  });

  test('included objects obey the permissions of their class', async () => {
    const Hidden = await makeClass('Hidden', {});
    const target = createdId(await api.create(Hidden, { text: 'secret' }, master));
    const C = uniqueName('Pointing');
    const link = { __type: 'Pointer', className: Hidden, objectId: target };
    const id = createdId(await api.create(C, { link }));
    const response = await api.get(C, id, { include: 'link' });
    assert.ok(!response.text.includes('secret'), response.text);
    assert.equal(assertOk(await api.get(C, id, { include: 'link' }, master)).link.text, 'secret');
  });

  const kBadPermissions = [
    [{ find: { '*': false } }, "'false' is not a valid value for class level permissions acl find:*"],
    [{ foo: { '*': true } }, 'foo is not a valid operation for class level permissions'],
    [{ find: { 'a b': true } }, "'a b' is not a valid key for class level permissions"],
  ];
  for (const [classLevelPermissions, message] of kBadPermissions) {
    test(`bad permissions are refused: ${JSON.stringify(classLevelPermissions)}`, async () => {
      const className = uniqueName('BadPermissions');
      assertError(await api.schema('POST', className, { className, classLevelPermissions }), 400, 107, message);
      assertError(await api.schema('GET', className), 400, 103);
    });
  }
});

describe('object ACL', () => {
  const C = uniqueName('Guarded');
  const make = async (ACL) => createdId(await api.create(C, { text: 'a', ACL }, master));
  const found = async (id) => assertOk(await api.find(C, { where: { objectId: { $in: [id] } }, count: 1 }));

  test('{}: nobody but the master key', async () => {
    const id = await make({});
    assertError(await api.get(C, id), 404, 101, 'Object not found.');
    assert.deepEqual(await found(id), { results: [], count: 0 });
    assertError(await api.update(C, id, { text: 'b' }), 404, 101, 'Object not found.');
    assertError(await api.remove(C, id), 404, 101, 'Object not found.');
    assert.deepEqual(assertOk(await api.get(C, id, {}, master)).ACL, {});
  });

  test('public read', async () => {
    const id = await make({ '*': { read: true } });
    assert.deepEqual(assertOk(await api.get(C, id)).ACL, { '*': { read: true } });
    assert.equal((await found(id)).count, 1);
    assertError(await api.update(C, id, { text: 'b' }), 404, 101);
    assertError(await api.remove(C, id), 404, 101);
  });

  test('public write: an object can be changed without being read', async () => {
    const id = await make({ '*': { write: true } });
    assertError(await api.get(C, id), 404, 101);
    assertOk(await api.update(C, id, { text: 'b' }));
    assert.equal(assertOk(await api.get(C, id, {}, master)).text, 'b');
    assertOk(await api.remove(C, id));
  });

  test('users and roles are kept and shut out others', async () => {
    const ACL = { aUserId001: { read: true, write: true }, 'role:Admins': { read: true } };
    const id = await make(ACL);
    assertError(await api.get(C, id), 404, 101);
    assert.deepEqual(assertOk(await api.get(C, id, {}, master)).ACL, ACL);
  });

  test('only true entries are kept', async () => {
    const id = await make({ '*': { read: true, write: false }, aUserId001: { read: false } });
    assert.deepEqual(assertOk(await api.get(C, id)).ACL, { '*': { read: true } });
  });

  test('an object without ACL answers none', async () => {
    const id = createdId(await api.create(C, { text: 'a' }));
    assert.equal('ACL' in assertOk(await api.get(C, id)), false);
  });

  test('is always answered, also with keys', async () => {
    const id = await make({ '*': { read: true } });
    assert.deepEqual(assertOk(await api.get(C, id, { keys: 'text' })).ACL, { '*': { read: true } });
    assert.deepEqual(assertOk(await api.get(C, id, { excludeKeys: 'ACL' })).ACL, { '*': { read: true } });
  });

  test('can be given, changed and taken away by clients', async () => {
    const id = createdId(await api.create(C, { text: 'a', ACL: { '*': { read: true, write: true } } }));
    assertOk(await api.update(C, id, { ACL: { '*': { read: true } } }));
    assertError(await api.update(C, id, { text: 'b' }), 404, 101);
    assertOk(await api.update(C, id, { ACL: {} }, master));
    assertError(await api.get(C, id), 404, 101);
    assertOk(await api.update(C, id, { ACL: { '*': { read: true, write: true } } }, master));
    assertOk(await api.update(C, id, { text: 'c' }));
  });

  test('rows that may not be read are in no result, count or include', async () => {
    const D = uniqueName('Mixed');
    const ids = [];
    for (const ACL of [{}, { '*': { read: true } }, { 'role:X': { read: true } }]) {
      ids.push(createdId(await api.create(D, { n: ids.length, ACL }, master)));
    }
    const open = createdId(await api.create(D, { n: 3 }, master));
    const body = assertOk(await api.find(D, { count: 1, order: 'n' }));
    assert.deepEqual(
      body.results.map((row) => row.n),
      [1, 3],
    );
    assert.equal(body.count, 2);
    assert.equal(assertOk(await api.find(D, { where: { $or: [{ n: 0 }, { n: 1 }, { n: 2 }] } })).results.length, 1);
    const links = ids.map((objectId) => ({ __type: 'Pointer', className: D, objectId }));
    assertOk(await api.update(D, open, { links, link: links[0] }));
    const row = assertOk(await api.get(D, open, { include: 'links,link' }));
    assert.deepEqual(
      row.links.map((other) => other.n),
      [1],
    );
    assert.equal('link' in row, false);
  });

  test('$relatedTo needs the right to read the owner', async () => {
    const D = uniqueName('Owned');
    const target = createdId(await api.create(D, { n: 1 }));
    const objects = [{ __type: 'Pointer', className: D, objectId: target }];
    const related = (objectId) => ({ where: { $relatedTo: { object: { __type: 'Pointer', className: C, objectId }, key: 'owned' } } });
    const hidden = createdId(await api.create(C, { ACL: {}, owned: { __op: 'AddRelation', objects } }, master));
    assert.deepEqual(assertOk(await api.find(D, related(hidden))).results, []);
    assert.equal(assertOk(await api.find(D, related(hidden), master)).results.length, 1);
  });

  test('bad ACLs are refused', async () => {
    assertError(await api.create(C, { ACL: { '*unresolved': { read: true } } }), 400, 123, 'Invalid ACL.');
    const response = await api.create(C, { ACL: [1] });
    assert.ok(response.status < 500, response.text);
  });

  test('an ACL that is no object is refused', { skip: oursOnly }, async () => {
    for (const ACL of ['public', 5, true]) assertError(await api.create(C, { ACL }), 400, [111, 123]);
  });

  test('both class permission and ACL must agree', async () => {
    const D = await makeClass('Both', { get: { '*': true } });
    const hidden = createdId(await api.create(D, { text: 'a', ACL: {} }, master));
    const open = createdId(await api.create(D, { text: 'a', ACL: { '*': { read: true, write: true } } }, master));
    assertError(await api.get(D, hidden), 404, 101);
    assertOk(await api.get(D, open));
    assertError(await api.update(D, open, { text: 'b' }), ...kDenied);
  });
});

describe('default ACL of a class', () => {
  test('is given to objects that bring none', async () => {
    const open = Object.fromEntries(kOperations.map((operation) => [operation, { '*': true }]));
    const C = await makeClass('Defaulted', { ...open, ACL: { '*': { read: true } } });
    const response = await api.create(C, { text: 'a' });
    const id = createdId(response);
    assert.deepEqual(response.json.ACL, { '*': { read: true } });
    assert.deepEqual(assertOk(await api.get(C, id)).ACL, { '*': { read: true } });
    assertError(await api.update(C, id, { text: 'b' }), 404, 101);
    const other = createdId(await api.create(C, { text: 'a', ACL: { '*': { read: true, write: true } } }));
    assertOk(await api.update(C, other, { text: 'b' }));
  });
});

describe('what only the master key may ask', () => {
  for (const [method, path, body] of [
    ['GET', '/schemas'],
    ['GET', '/schemas/Any'],
    ['POST', '/schemas/Any', {}],
    ['PUT', '/schemas/Any', {}],
    ['DELETE', '/schemas/Any'],
    ['GET', '/serverInfo'],
  ]) {
    test(`${method} ${path}`, async () => {
      assert.deepEqual(assertStatus(await api.request(method, path, body), 403), { error: 'Permission denied' });
    });
  }

  for (const className of [
    '_GlobalConfig',
    '_Hooks',
    '_JobStatus',
    '_PushStatus',
    '_Audience',
    '_Idempotency',
    '_JobSchedule',
    '_Join:rel:Any',
  ]) {
    test(`the class ${className}`, async () => {
      assertError(await api.find(className), ...kDenied);
      assertError(await api.create(className, { a: 1 }), ...kDenied);
    });
  }
});
