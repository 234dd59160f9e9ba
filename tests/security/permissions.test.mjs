// Class permissions, ACLs and roles: no detour leads around them, and nobody gives rights to himself.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertError, assertNoServerError, assertOk, createdId } from '../support/assert.mjs';
import { isParseServer, oursOnly, startServer, uniqueName } from '../support/server.mjs';
import { everyOperation, makeClass, makeRole, master, pointer, signUp, userPointer } from '../support/users.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;

const kWord = 'verySecretWord';
const kOpen = everyOperation({ '*': true });
const mallory = await signUp(api, 'mallory');
const owner = await signUp(api, 'owner');
const staff = await makeRole(api, 'Staff', { users: [owner] });
const kOutsiders = [{}, mallory.as];

const assertRefused = (response) => assert.ok(response.status >= 400 && response.status < 500, `${response.status} ${response.text}`);
const batch = (requests, as) => api.request('POST', '/batch', { requests }, as);

// Nothing of the answer comes from objects that are closed: neither their word nor how many there are.
function assertClosed(response) {
  assertNoServerError(response);
  assert.ok(!response.text.includes(kWord), response.text);
  assert.ok(!response.json?.count, response.text);
  assert.deepEqual(response.json?.results ?? [], [], response.text);
}

describe('internal classes', () => {
  const kClasses = ['_Join:users:_Role', '_Join:roles:_Role', '_GraphQLConfig', '_Audience', '_Hooks', '_GlobalConfig', '_JobStatus'];
  const kMore = ['_PushStatus', '_JobSchedule', '_Idempotency'];
  for (const className of [...kClasses, ...kMore]) {
    test(`${className}: every verb is refused, also with a session (GHSA-5f92-jrq3-28rc, GHSA-7xg7-rqf6-pw6c)`, async () => {
      const body = { relatedId: mallory.id, owningId: staff.id };
      for (const as of kOutsiders) {
        for (const response of [
          await api.create(className, body, as),
          await api.find(className, {}, as),
          await api.find(className, { count: 1, limit: 0 }, as),
          await api.get(className, 'aaaaaaaaaa', {}, as),
          await api.update(className, 'aaaaaaaaaa', body, as),
          await api.remove(className, 'aaaaaaaaaa', as),
        ])
          assertError(response, 400, 119, 'Permission denied');
        const path = `/parse/classes/${className}`;
        const requests = [
          { method: 'POST', path, body },
          { method: 'GET', path },
        ];
        for (const { error } of assertOk(await batch(requests, as))) assert.equal(error.code, 119);
      }
    });
  }

  test('are not reached by sub-queries and includes (GHSA-fcv6-fg5r-jm9q)', async () => {
    for (const className of ['_Join:users:_Role', '_Hooks', '_GlobalConfig', '_JobStatus', '_PushStatus']) {
      const query = { className, where: {} };
      for (const asked of [{ $inQuery: query }, { $notInQuery: query }]) {
        assertRefused(await api.find(uniqueName('Any'), { where: { to: asked } }, mallory.as));
      }
      for (const operator of ['$select', '$dontSelect']) {
        const where = { word: { [operator]: { query, key: 'objectId' } } };
        assertRefused(await api.find(uniqueName('Any'), { where }, mallory.as));
      }
    }
  });
});

describe('a closed class', () => {
  let C;
  let id;
  let H;
  before(async () => {
    C = await makeClass(api, 'Closed', { word: { type: 'String' }, n: { type: 'Number' } }, everyOperation({ [staff.entity]: true }));
    id = createdId(await api.create(C, { word: kWord, n: 1 }, master));
    H = await makeClass(api, 'Holder', {
      to: { type: 'Pointer', targetClass: C },
      word: { type: 'String' },
      many: { type: 'Relation', targetClass: C },
      list: { type: 'Array' },
    });
    const many = { __op: 'AddRelation', objects: [pointer(C, id)] };
    createdId(await api.create(H, { to: pointer(C, id), word: kWord, many, list: [pointer(C, id)], ACL: staff.acl }, master));
  });

  const kQueries = {
    find: () => [C, {}],
    'find by id': () => [C, { where: { objectId: id } }],
    count: () => [C, { count: 1, limit: 0 }],
    'find and count': () => [C, { count: 1 }],
    'find with keys': () => [C, { keys: 'word' }],
    'find in $or': () => [C, { where: { $or: [{ n: 1 }, { objectId: id }] } }],
    distinct: () => [C, { distinct: 'word' }],
    'a class that points to it': () => [H, { include: 'to' }],
    'everything included': () => [H, { include: '*' }],
    'list included': () => [H, { include: 'list' }],
    $inQuery: () => [H, { where: { to: { $inQuery: { className: C, where: { word: kWord } } } } }],
    $select: () => [H, { where: { word: { $select: { query: { className: C, where: {} }, key: 'word' } } } }],
    redirectClassNameForKey: () => [H, { redirectClassNameForKey: 'many' }],
    '$relatedTo through it': () => [C, { where: { $relatedTo: { object: pointer(H, 'aaaaaaaaaa'), key: 'many' } } }],
  };
  for (const [title, query] of Object.entries(kQueries)) {
    test(`${title} shows nothing (changelog 2.x)`, async () => {
      for (const as of kOutsiders) {
        const [className, parameters] = query();
        assertClosed(await api.find(className, parameters, as));
        const body = { ...parameters, _method: 'GET' };
        assertClosed(await api.request('POST', `/classes/${className}`, body, as));
        const [{ success, error }] = assertOk(await batch([{ method: 'GET', path: `/parse/classes/${className}`, body: parameters }], as));
        assert.ok(error || !JSON.stringify(success).includes(kWord), JSON.stringify(success));
      }
    });
  }

  test('the role sees it, so that the above means something', async () => {
    assert.equal(assertOk(await api.find(C, {}, owner.as)).results[0].word, kWord);
    assert.equal(assertOk(await api.find(H, { include: 'to' }, owner.as)).results[0].to.word, kWord);
    const where = { to: { $inQuery: { className: C, where: { word: kWord } } } };
    assert.equal(assertOk(await api.find(H, { where }, owner.as)).results.length, 1);
  });

  test('is not written, in any form', async () => {
    for (const as of kOutsiders) {
      for (const response of [
        await api.create(C, { n: 2 }, as),
        await api.create(C, { n: 2, ACL: mallory.acl }, as),
        await api.update(C, id, { n: 2 }, as),
        await api.update(C, id, { n: { __op: 'Increment', amount: 1 } }, as),
        await api.update(C, id, { ACL: mallory.acl }, as),
        await api.update(C, id, {}, as),
        await api.remove(C, id, as),
        await api.request('POST', `/classes/${C}/${id}`, { n: 2, _method: 'PUT' }, as),
        await api.request('POST', `/classes/${C}/${id}`, { _method: 'DELETE' }, as),
      ])
        assertError(response, 400, 119, 'Permission denied');
    }
    const stored = assertOk(await api.get(C, id, {}, master));
    assert.deepEqual([stored.n, stored.word, stored.ACL], [1, kWord, undefined]);
  });

  test('a transaction with one item that is refused leaves nothing', async () => {
    const mine = uniqueName('Mine');
    const requests = [
      { method: 'POST', path: `/parse/classes/${mine}`, body: { a: 1 } },
      { method: 'PUT', path: `/parse/classes/${C}/${id}`, body: { n: 2 } },
    ];
    const response = await api.request('POST', '/batch', { transaction: true, requests }, mallory.as);
    assert.ok(response.status >= 400, response.text);
    assert.deepEqual(assertOk(await api.find(mine, {}, master)).results, []);
  });
});

describe('new fields', () => {
  test('are not added where that is closed, in any form (GHSA-9ccr-fpp6-78qf)', async () => {
    const C = await makeClass(api, 'Locked', { o: { type: 'Object' } }, { ...kOpen, addField: {} });
    const id = createdId(await api.create(C, { o: { a: 1 } }, mallory.as));
    const values = [1, 'x', null, { __op: 'Increment', amount: 1 }, { __op: 'Add', objects: [1] }, pointer(C, id)];
    for (const value of [...values, { __op: 'AddRelation', objects: [pointer(C, id)] }]) {
      const response = await api.update(C, id, { fresh: value }, mallory.as);
      if (value === null) assertNoServerError(response);
      else assertError(response, 400, 119);
      assertNoServerError(await api.create(C, { fresh: value }, mallory.as));
    }
    assertRefused(await api.update(C, id, { 'fresh.a': 1 }, mallory.as));
    assertOk(await api.update(C, id, { 'o.b': 2 }, mallory.as));
    const { fields } = assertOk(await api.schema('GET', C));
    assert.deepEqual(Object.keys(fields).sort(), ['ACL', 'createdAt', 'o', 'objectId', 'updatedAt']);
  });
});

describe('pointer permissions', () => {
  let C;
  let id;
  before(async () => {
    const fields = { owner: { type: 'Pointer', targetClass: '_User' }, team: { type: 'Array' }, word: { type: 'String' } };
    C = await makeClass(api, 'Pointed', fields, {
      ...everyOperation({ pointerFields: ['owner', 'team'] }),
      create: { '*': true },
      addField: {},
    });
    id = createdId(await api.create(C, { owner: userPointer(owner), word: kWord }, master));
  });

  test('are not talked away by the filter', async () => {
    const wheres = [
      {},
      { owner: userPointer(owner) },
      { owner: { $ne: userPointer(mallory) } },
      { $or: [{ owner: userPointer(owner) }, { word: kWord }] },
      { $or: [{}, { objectId: id }] },
      { $nor: [{ word: 'none' }] },
      { $and: [{ $or: [{ objectId: id }, { objectId: { $exists: true } }] }] },
      { objectId: id },
      { team: { $exists: false } },
    ];
    for (const where of wheres) {
      for (const as of kOutsiders) assertClosed(await api.find(C, { where }, as));
      const counted = await api.find(C, { where, count: 1, limit: 0 }, mallory.as);
      assert.equal(assertOk(counted).count, 0, JSON.stringify(where));
    }
    assert.equal(assertOk(await api.find(C, {}, owner.as)).results.length, 1);
  });

  test('are not gained by writing', async () => {
    for (const body of [{ owner: userPointer(mallory) }, { team: { __op: 'Add', objects: [userPointer(mallory)] } }, { owner: null }]) {
      for (const as of kOutsiders) assertError(await api.update(C, id, body, as), 404, 101);
    }
    assert.equal(assertOk(await api.get(C, id, {}, master)).owner.objectId, owner.id);
  });

  test('are lost with the pointer, at once', async () => {
    const made = createdId(await api.create(C, { owner: userPointer(owner) }, master));
    assertOk(await api.update(C, made, { owner: userPointer(mallory) }, owner.as));
    assertError(await api.get(C, made, {}, owner.as), 404, 101);
    assertOk(await api.get(C, made, {}, mallory.as));
  });
});

describe('ACLs', () => {
  const kOdd = [
    { '*': { nope: true } },
    { '*': [] },
    { 'role:': { read: true } },
    { '': { read: true } },
    { '*': { read: false, write: false } },
  ];

  test('of odd kinds give nothing to anybody', async () => {
    const C = uniqueName('OddAcl');
    for (const ACL of kOdd) {
      const made = await api.create(C, { word: kWord, ACL }, master);
      assertNoServerError(made);
      if (made.status !== 201) continue;
      for (const as of kOutsiders) {
        assertError(await api.get(C, made.json.objectId, {}, as), 404, 101);
        assertError(await api.update(C, made.json.objectId, { word: 'x' }, as), 404, 101);
      }
    }
  });

  test('that are none are refused or give nothing', { skip: oursOnly }, async () => {
    const C = uniqueName('NoAcl');
    for (const ACL of ['text', 5, true, [], ['*'], { '*': null }, { '*': true }, { '*': 'read' }, { '*unresolved': { read: true } }]) {
      const made = await api.create(C, { word: kWord, ACL }, mallory.as);
      assertNoServerError(made);
      if (made.status === 201) assertError(await api.get(C, made.json.objectId), 404, 101);
    }
  });

  test('are not written around', async () => {
    const C = uniqueName('Around');
    const id = createdId(await api.create(C, { word: kWord, ACL: owner.acl }, owner.as));
    for (const body of [
      { ACL: mallory.acl },
      { ACL: { __op: 'Delete' } },
      { [`ACL.${mallory.id}`]: { read: true, write: true } },
      { 'ACL.*': { read: true } },
      { _rperm: ['*'] },
      { _wperm: ['*'] },
      { _acl: mallory.acl },
      { _rperm: { __op: 'Add', objects: ['*'] } },
    ]) {
      for (const as of kOutsiders) assertRefused(await api.update(C, id, body, as));
      assertError(await api.get(C, id, {}, mallory.as), 404, 101);
    }
    assert.deepEqual(assertOk(await api.get(C, id, {}, owner.as)).ACL, owner.acl);
  });

  test('are no words to search by', async () => {
    const C = uniqueName('Search');
    createdId(await api.create(C, { word: kWord, ACL: owner.acl }, owner.as));
    for (const where of [{ ACL: owner.acl }, { $or: [{ ACL: {} }] }, { 'ACL.*': { $exists: true } }, { [`ACL.${owner.id}.read`]: true }]) {
      for (const more of [{}, { count: 1, limit: 0 }]) assertClosed(await api.find(C, { where, ...more }, mallory.as));
    }
  });

  test('hide what is there: the answers to hidden and missing are one', async () => {
    const C = uniqueName('Hidden');
    const id = createdId(await api.create(C, { word: kWord, ACL: owner.acl }, owner.as));
    for (const as of kOutsiders) {
      for (const ask of [
        (one) => api.get(C, one, {}, as),
        (one) => api.update(C, one, { word: 'x' }, as),
        (one) => api.remove(C, one, as),
      ]) {
        const [there, missing] = [await ask(id), await ask('doesNotEx1')];
        assert.deepEqual([there.status, there.json], [missing.status, missing.json]);
      }
    }
  });

  test('of the user’s own id in other forms are others', async () => {
    const C = uniqueName('Forms');
    for (const name of [
      mallory.id.toLowerCase(),
      mallory.id.toUpperCase(),
      mallory.id.slice(0, -1),
      `${mallory.id} `,
      `role:${mallory.id}`,
      `*${mallory.id}`,
    ]) {
      if (name === mallory.id) continue;
      const made = await api.create(C, { word: kWord, ACL: { [name]: { read: true } } }, master);
      if (made.status === 201) assertError(await api.get(C, made.json.objectId, {}, mallory.as), 404, 101);
    }
  });

  test('that many entries make long still hold', async () => {
    const C = uniqueName('Long');
    const ACL = Object.fromEntries(Array.from({ length: 2000 }, (_, number) => [`role:r${number}`, { read: true }]));
    const id = createdId(await api.create(C, { word: kWord, ACL: { ...ACL, ...owner.acl } }, master));
    assertError(await api.get(C, id, {}, mallory.as), 404, 101);
    assertOk(await api.get(C, id, {}, owner.as));
  });
});

describe('roles', () => {
  const membership = (user) => ({ users: { __op: 'AddRelation', objects: [userPointer(user)] } });
  let C;
  let guarded;
  before(async () => {
    C = uniqueName('OfStaff');
    guarded = createdId(await api.create(C, { word: kWord, ACL: staff.acl }, master));
  });
  const assertNoMember = async () => assertError(await api.get(C, guarded, {}, mallory.as), 404, 101);

  test('are not joined by those who may not write them', async () => {
    for (const as of kOutsiders) {
      for (const body of [membership(mallory), { roles: { __op: 'AddRelation', objects: [pointer('_Role', staff.id)] } }, { name: 'x' }]) {
        assertError(await api.request('PUT', `/roles/${staff.id}`, body, as), 404, 101);
        assertError(await api.update('_Role', staff.id, body, as), 404, 101);
      }
      assertError(await api.request('DELETE', `/roles/${staff.id}`, undefined, as), 404, 101);
    }
    await assertNoMember();
  });

  test('are not made a second time, though the first is hidden', async () => {
    const body = { name: staff.name, ACL: mallory.acl, ...membership(mallory) };
    for (const as of [...kOutsiders, master]) assertError(await api.request('POST', '/roles', body, as), 400, 137);
    await assertNoMember();
  });

  const kNames = [
    staff.name.toLowerCase(),
    ` ${staff.name}`,
    `${staff.name} `,
    `role:${staff.name}`,
    `${staff.name}\u0000`,
    '*',
    `*${staff.name}`,
  ];
  for (const [index, name] of kNames.entries()) {
    test(`with nearly the same name are others: ${JSON.stringify(name.replace(/_.*?(?=\W|$)/, ''))}`, async () => {
      const made = await api.request('POST', '/roles', { name, ACL: {}, ...membership(mallory) }, master);
      if (made.status >= 500 && isParseServer) return; // PostgreSQL takes no NUL
      assertNoServerError(made);
      await assertNoMember();
      const D = uniqueName(`OfNobody${index}`);
      assertError(await api.get(D, createdId(await api.create(D, { ACL: {} }, master)), {}, mallory.as), 404, 101);
      if (made.status === 201) assertOk(await api.request('DELETE', `/roles/${made.json.objectId}`, undefined, master));
    });
  }

  test('of whom one owns a child give nothing upwards', async () => {
    const child = await makeRole(api, 'ChildOf', { ACL: mallory.acl });
    assertOk(await api.request('PUT', `/roles/${child.id}`, membership(mallory), mallory.as));
    assertError(await api.request('PUT', `/roles/${child.id}`, { name: staff.name }, mallory.as), 400, 137);
    const parent = { roles: { __op: 'AddRelation', objects: [pointer('_Role', staff.id)] } };
    assertOk(await api.request('PUT', `/roles/${child.id}`, parent, mallory.as));
    await assertNoMember();
  });

  test('in circles end', async () => {
    const first = await makeRole(api, 'CircleA', { users: [mallory] });
    const second = await makeRole(api, 'CircleB', { roles: [first] });
    const third = await makeRole(api, 'CircleC', { roles: [second] });
    for (const child of [first, third]) {
      const roles = { __op: 'AddRelation', objects: [pointer('_Role', child.id)] };
      assertOk(await api.request('PUT', `/roles/${first.id}`, { roles }, master));
    }
    const D = uniqueName('Circle');
    for (const role of [first, second, third]) {
      assertOk(await api.get(D, createdId(await api.create(D, { ACL: role.acl }, master)), {}, mallory.as));
    }
    await assertNoMember();
  });

  test('in a long chain, and many of them, still hold', async () => {
    const chain = [await makeRole(api, 'Chain0', { users: [mallory] })];
    for (let length = 1; length < 40; length++) chain.push(await makeRole(api, `Chain${length}`, { roles: [chain.at(-1)] }));
    const D = uniqueName('Chained');
    assertOk(await api.get(D, createdId(await api.create(D, { ACL: chain.at(-1).acl }, master)), {}, mallory.as));
    await assertNoMember();
  });

  test('show their members to those who may see these users alone', async () => {
    const open = await makeRole(api, 'OpenRole', { users: [owner], ACL: { '*': { read: true } } });
    const where = { $relatedTo: { object: pointer('_Role', open.id), key: 'users' } };
    for (const as of kOutsiders) assert.deepEqual(assertOk(await api.find('_User', { where }, as)).results, []);
    for (const hidden of [{ $relatedTo: { object: pointer('_Role', staff.id), key: 'users' } }, { $or: [where] }]) {
      for (const as of kOutsiders) assertClosed(await api.find('_User', { where: hidden, count: 1 }, as));
    }
  });

  test('the hidden ones are not found by their members', async () => {
    for (const as of [...kOutsiders, owner.as]) {
      assertClosed(
        await api.request(
          'GET',
          `/roles?where=${encodeURIComponent(JSON.stringify({ users: userPointer(owner), name: staff.name }))}`,
          undefined,
          as,
        ),
      );
    }
  });
});
