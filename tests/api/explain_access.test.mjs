// Why a user may or may not do something: what is told has to be what happens.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertError, assertOk, createdId } from '../support/assert.mjs';
import { externalUrl, runParsimony, startOwnServer } from '../support/server.mjs';
import { everyOperation, makeClass, makeRole, master, pointer, signUp, userPointer } from '../support/users.mjs';

const skip = externalUrl !== undefined && 'needs a server of its own';
const kFields = {
  n: { type: 'Number' },
  secret: { type: 'String' },
  owner: { type: 'Pointer', targetClass: '_User' },
  team: { type: 'Array' },
};
const kAll = everyOperation({ '*': true });

describe('explainAccess', { skip }, () => {
  let server;
  let api;
  let ann;
  let bob;
  let cleo;
  let child;
  let staff;
  before(async () => {
    server = await startOwnServer();
    api = server.api;
    [ann, bob, cleo] = [await signUp(api, 'ann'), await signUp(api, 'bob'), await signUp(api, 'cleo')];
    child = await makeRole(api, 'Child', { users: [cleo] });
    staff = await makeRole(api, 'Staff', { users: [bob], roles: [child] });
  });
  after(() => server?.stop());

  const ask = (C, id, query = {}, as = master) => {
    const parameters = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    return api.request('GET', `/explainAccess/${C}/${id}?${parameters.join('&')}`, undefined, as);
  };
  const explain = async (C, id, user, operation = 'get') => assertOk(await ask(C, id, { ...(user ? { user: user.id } : {}), operation }));
  const rule = (explanation, name) => explanation.rules.find((one) => one.rule === name);

  const kHappens = {
    get: async (C, id, as) => (await api.get(C, id, {}, as)).status === 200,
    find: async (C, id, as) => (await api.find(C, { where: { objectId: { $in: [id] } } }, as)).json.results?.length === 1,
    count: async (C, id, as) => (await api.find(C, { where: { objectId: { $in: [id] } }, count: 1, limit: 0 }, as)).json.count === 1,
    update: async (C, id, as) => (await api.update(C, id, { n: 2 }, as)).status === 200,
    addField: async (C, id, as) => (await api.update(C, id, { [`f${kHappens.fields++}`]: 2 }, as)).status === 200,
    delete: async (C, id, as) => (await api.remove(C, id, as)).status === 200,
  };
  Object.defineProperty(kHappens, 'fields', { value: 0, writable: true });

  const kSettings = {
    open: () => [kAll],
    closed: () => [everyOperation({})],
    'of a user': () => [everyOperation({ [ann.id]: true })],
    'of a role': () => [everyOperation({ [staff.entity]: true })],
    'for signed-in users': () => [everyOperation({ requiresAuthentication: true })],
    'by a pointer': () => [everyOperation({ pointerFields: ['owner'] })],
    'by an array': () => [everyOperation({ pointerFields: ['owner', 'team'] })],
    'by a pointer, for signed-in users': () => [everyOperation({ pointerFields: ['owner'], requiresAuthentication: true })],
    'by the old pointers': () => [{ ...everyOperation({}), readUserFields: ['owner'], writeUserFields: ['team'] }],
    'open, ACL of a user': () => [kAll, ann.acl],
    'open, ACL of a role': () => [kAll, staff.acl],
    'open, ACL of nobody': () => [kAll, {}],
    'open, read by all': () => [kAll, { '*': { read: true } }],
    'of a role, ACL of a user': () => [everyOperation({ [staff.entity]: true }), bob.acl],
  };
  for (const [title, setting] of Object.entries(kSettings)) {
    test(`${title}: says what happens`, async () => {
      const [permissions, ACL] = setting();
      const adding = permissions.addField === kAll.addField ? permissions : { ...permissions, update: kAll.update };
      const C = await makeClass(api, `E${title.replace(/\W/g, '')}`, kFields, permissions);
      const D = await makeClass(api, `A${title.replace(/\W/g, '')}`, kFields, adding);
      const object = { n: 1, owner: userPointer(ann), team: [userPointer(bob)], ...(ACL ? { ACL } : {}) };
      for (const user of [undefined, ann, bob, cleo]) {
        for (const operation of Object.keys(kHappens)) {
          const className = operation === 'addField' ? D : C;
          const id = createdId(await api.create(className, object, master));
          const told = await explain(className, id, user, operation);
          const what = `${user?.name ?? 'nobody'} ${operation}: ${JSON.stringify(told.rules)}`;
          assert.equal(told.allowed, await kHappens[operation](className, id, user?.as ?? {}), what);
          assert.equal(
            told.rules.every(({ passes }) => passes),
            told.allowed,
            what,
          );
        }
      }
    });
  }

  test('names what grants and what does not', async () => {
    const C = await makeClass(api, 'Named', kFields, { ...kAll, update: { [staff.entity]: true }, delete: { pointerFields: ['owner'] } });
    const id = createdId(await api.create(C, { owner: userPointer(ann), ACL: staff.acl }, master));
    const read = await explain(C, id, ann);
    assert.equal(rule(read, 'class permission').because, 'get is granted to everybody');
    assert.equal(rule(read, 'ACL').because, `${staff.entity} may read the object, not the user`);
    const update = await explain(C, id, ann, 'update');
    assert.equal(rule(update, 'class permission').because, `update is granted to ${staff.entity}, not to the user`);
    const removal = await explain(C, id, ann, 'delete');
    assert.equal(rule(removal, 'pointer permission').because, 'the field owner points to the user');
    assert.equal(rule(await explain(C, id, bob, 'delete'), 'pointer permission').passes, false);
    assert.equal(rule(await explain(C, id, cleo), 'ACL').because, `${staff.entity} may read the object`);
    const missing = await explain(C, 'none', ann);
    assert.deepEqual([missing.allowed, rule(missing, 'object').passes], [false, false]);
    assert.deepEqual((await explain('NoSuchClass', 'x', ann)).rules, [
      { rule: 'class', passes: false, because: 'there is no class NoSuchClass' },
    ]);
    assert.equal((await explain('_JobStatus', 'x', ann)).rules[0].passes, false);
  });

  test('names the roles, and how they are held', async () => {
    const C = await makeClass(api, 'Roles', kFields, kAll);
    const id = createdId(await api.create(C, { n: 1 }, master));
    assert.deepEqual((await explain(C, id, ann)).roles, []);
    assert.deepEqual((await explain(C, id, bob)).roles, [{ role: staff.entity }]);
    assert.deepEqual((await explain(C, id, cleo)).roles, [{ role: child.entity }, { role: staff.entity, through: child.entity }]);
    const circle = { roles: { __op: 'AddRelation', objects: [pointer('_Role', staff.id)] } };
    assertOk(await api.request('PUT', `/roles/${child.id}`, circle, master));
    assert.deepEqual((await explain(C, id, bob)).roles, [{ role: staff.entity }, { role: child.entity, through: staff.entity }]);
  });

  test('names the fields that are hidden, as an answer hides them', async () => {
    const protectedFields = { '*': ['secret', 'n'], authenticated: ['secret'], 'userField:owner': [] };
    const C = await makeClass(api, 'Hiding', kFields, { ...kAll, protectedFields });
    const id = createdId(await api.create(C, { n: 1, secret: 's', owner: userPointer(ann) }, master));
    for (const [user, expected] of [
      [undefined, { n: ['*'], secret: ['*'] }],
      [ann, {}],
      [bob, { secret: ['*', 'authenticated'] }],
    ]) {
      const { hiddenFields } = await explain(C, id, user);
      assert.deepEqual(Object.fromEntries(hiddenFields.map(({ field, protectedFrom }) => [field, protectedFrom])), expected);
      const seen = assertOk(await api.get(C, id, {}, user?.as ?? {}));
      for (const name of ['n', 'secret']) assert.equal(name in seen, !(name in expected), `${user?.name} ${name}`);
    }
  });

  test('users and sessions', async () => {
    assertOk(await api.request('PUT', `/users/${ann.id}`, { ACL: { '*': { read: true, write: true } } }, ann.as));
    const other = await explain('_User', ann.id, bob);
    assert.deepEqual(other.hiddenFields.map(({ field }) => field).sort(), ['authData', 'email']);
    assert.deepEqual((await explain('_User', ann.id, ann)).hiddenFields, []);
    const change = (as) => api.request('PUT', `/users/${ann.id}`, {}, as);
    for (const [user, happens] of [[undefined, false], [bob, true], [ann, true]]) {
      assert.equal((await explain('_User', ann.id, user, 'update')).allowed, happens);
      assert.equal((await change(user?.as ?? {})).status === 200, happens);
    }
    assertOk(await api.request('PUT', `/users/${ann.id}`, { ACL: { '*': { read: true }, ...ann.acl } }, ann.as));
    assert.equal((await explain('_User', ann.id, bob, 'update')).allowed, false);
    assertError(await change(bob.as), 400, 206);
    const [session] = assertOk(await api.request('GET', '/sessions', undefined, ann.as)).results;
    assert.equal((await explain('_Session', session.objectId, ann)).allowed, true);
    assert.equal((await explain('_Session', session.objectId, bob)).allowed, false);
    assert.equal((await explain('_Session', session.objectId)).allowed, false);
  });

  test('is for the master key, and for operations that it knows', async () => {
    for (const as of [{}, ann.as]) assert.equal((await ask('C', 'x', {}, as)).status, 403);
    for (const operation of ['create', 'look']) assertError(await ask('C', 'x', { operation }), 400, 102);
    assert.equal(assertOk(await ask('C', 'x', { user: '1234567890' })).user, '1234567890');
  });

  test('the command says the same on a stopped folder', async () => {
    const own = await startOwnServer();
    const dora = await signUp(own.api, 'dora');
    const role = await makeRole(own.api, 'Keepers', { users: [dora] });
    const C = await makeClass(own.api, 'Told', kFields, { ...kAll, delete: {}, protectedFields: { '*': ['secret'] } });
    const id = createdId(await own.api.create(C, { n: 1, ACL: { [role.entity]: { read: true } } }, master));
    await own.stop();
    const told = (...args) => runParsimony(['explain-access', C, ...args, '--data', own.dataDir, '--silent']);
    const read = await told(id, '--user', dora.id);
    assert.equal(read.code, 0, read.stderr);
    const lines = [
      `The user ${dora.id} may get ${C} ${id}.`,
      '  yes  class permission: get is granted to everybody',
      `  yes  ACL: ${role.entity} may read the object`,
      `  ${role.entity} (the user is a member)`,
      '  secret (protected from *)',
    ];
    for (const line of lines) assert.ok(read.stdout.includes(`${line}\n`), `${line} in ${read.stdout}`);
    const removal = await told(id, '--operation', 'delete');
    assert.ok(removal.stdout.startsWith(`Somebody who is not signed in may not delete ${C} ${id}.\n`), removal.stdout);
    assert.ok(removal.stdout.includes('  no   class permission: delete is granted to the master key alone\n'), removal.stdout);
    const bad = await told(id, '--operation', 'look');
    assert.equal(bad.code, 2);
    assert.match(bad.stderr, /--operation/);
    assert.equal((await told()).code, 2);
  });
});
