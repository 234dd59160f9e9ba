// Protected fields: not read, not searched, not sorted by, on no way.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertError, assertNoServerError, assertOk, createdId } from '../support/assert.mjs';
import { oursOnly, startServer } from '../support/server.mjs';
import { everyOperation, makeClass, makeRole, master, pointer, signUp, userPointer } from '../support/users.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;

const kWord = 'verySecretWord';
const mallory = await signUp(api, 'mallory');
const owner = await signUp(api, 'owner');
const staff = await makeRole(api, 'Staff', { users: [mallory] });
const kFields = {
  n: { type: 'Number' },
  secret: { type: 'String' },
  secretObj: { type: 'Object' },
  secretList: { type: 'Array' },
  owner: { type: 'Pointer', targetClass: '_User' },
  open: { type: 'String' },
};
const kProtected = ['secret', 'secretObj', 'secretList'];
const kObject = {
  n: 1,
  open: kWord,
  secret: kWord,
  secretObj: { apiKey: kWord, a: { b: { c: kWord } }, score: 1 },
  secretList: [kWord],
  owner: userPointer(owner),
};
const kPermissions = (protectedFields) => ({ ...everyOperation({ '*': true }), protectedFields });

const C = await makeClass(api, 'Protected', kFields, kPermissions({ '*': kProtected }));
const id = createdId(await api.create(C, kObject, master));
const kOutsiders = [{}, mallory.as, owner.as];
const secrets = { secret: 1, secretObj: 1, secretList: 1 };

function assertWithout(response) {
  assertNoServerError(response);
  for (const name of Object.keys(secrets)) assert.ok(!response.text.includes(`"${name}"`), response.text);
}

async function assertForbidden(parameters, className = C) {
  for (const as of kOutsiders) {
    assertError(await api.find(className, parameters, as), 400, 119, 'Permission denied');
    assertError(await api.find(className, { ...parameters, count: 1, limit: 0 }, as), 400, 119);
    assertError(await api.request('POST', `/classes/${className}`, { ...parameters, _method: 'GET' }, as), 400, 119);
  }
}

describe('are not searched (GHSA-72hp-qff8-4pvv, GHSA-r2m8-pxm9-9c4g, GHSA-2m6g-crv8-p3c6)', () => {
  const wheres = [
    { secret: kWord },
    { secret: { $regex: '^v' } },
    { secret: { $exists: true } },
    { secret: { $ne: null } },
    { secret: { $in: [kWord] } },
    { secretList: kWord },
    { $or: [{ secret: 'a' }, { secret: 'b' }] },
    { $or: [{ n: 1 }, { secret: 'b' }] },
    { $and: [{ secret: kWord }] },
    { $nor: [{ secret: kWord }] },
    { $or: [{ $and: [{ $nor: [{ secret: kWord }] }] }] },
    { 'secretObj.apiKey': kWord },
    { 'secretObj.a.b.c': kWord },
    { $or: [{ 'secretObj.apiKey': kWord }, { n: 1 }] },
    { $and: [{ n: 1 }, { $nor: [{ 'secretObj.score': 1 }] }] },
    { n: 1, secret: { $select: { query: { className: C, where: {} }, key: 'open' } } },
  ];
  for (const where of wheres) test(JSON.stringify(where), () => assertForbidden({ where }));

  test('the operand of $or as an object (GHSA-mmg8-87c5-jrc2)', async () => {
    for (const where of [{ $or: { 0: { secret: kWord }, length: 1 } }, { $and: { secret: kWord } }]) {
      const response = await api.find(C, { where }, mallory.as);
      assert.ok(response.status >= 400 && response.status < 500, response.text);
    }
  });
});

describe('are not sorted by (GHSA-r2m8-pxm9-9c4g)', () => {
  for (const order of ['secret', '-secret', 'secretObj', '-secretObj.score', 'n,-secret', 'secretObj.a.b', 'n,secretList']) {
    test(order, () => assertForbidden({ order }));
  }
});

describe('are not answered', () => {
  const kReads = {
    get: (as) => api.get(C, id, {}, as),
    'get with keys': (as) => api.get(C, id, { keys: 'secret,secretObj.apiKey,n' }, as),
    find: (as) => api.find(C, {}, as),
    'find with keys': (as) => api.find(C, { keys: 'secret,secretObj,secretList' }, as),
    'find with a dotted key': (as) => api.find(C, { keys: 'secretObj.apiKey' }, as),
    'find with excludeKeys': (as) => api.find(C, { excludeKeys: 'n' }, as),
    'find by id': (as) => api.find(C, { where: { objectId: id } }, as),
    'find with include': (as) => api.find(C, { include: 'secret,secretObj.apiKey,owner' }, as),
    'a batch': (as) => api.request('POST', '/batch', { requests: [{ method: 'GET', path: `/parse/classes/${C}/${id}` }] }, as),
  };
  for (const [title, read] of Object.entries(kReads)) {
    test(title, async () => {
      for (const as of kOutsiders) assertWithout(await read(as));
      assert.ok((await read(master)).text.includes(kWord));
    });
  }

  test('where they are included', async () => {
    const H = await makeClass(api, 'Holder', { to: { type: 'Pointer', targetClass: C }, list: { type: 'Array' } });
    const holder = createdId(await api.create(H, { to: pointer(C, id), list: [pointer(C, id)] }));
    for (const include of ['to', 'list', '*', 'to.secret', 'to.secretObj']) {
      for (const keys of [undefined, 'to.secret,list', 'to.secretObj.apiKey']) {
        for (const as of kOutsiders) assertWithout(await api.get(H, holder, { include, ...(keys ? { keys } : {}) }, as));
      }
    }
  });

  test('by the answer to a write of somebody else’s fields', async () => {
    for (const as of kOutsiders) assertWithout(await api.update(C, id, { n: 1 }, as));
  });
});

describe('are not asked in sub-queries', () => {
  test('as a condition (GHSA-2m6g-crv8-p3c6)', async () => {
    const H = await makeClass(api, 'SubHolder', { to: { type: 'Pointer', targetClass: C }, word: { type: 'String' } });
    createdId(await api.create(H, { to: pointer(C, id), word: kWord }));
    for (const where of [{ secret: kWord }, { 'secretObj.apiKey': kWord }, { $or: [{ secret: kWord }] }]) {
      const query = { className: C, where };
      for (const asked of [
        { to: { $inQuery: query } },
        { to: { $notInQuery: query } },
        { word: { $select: { query, key: 'open' } } },
        { $or: [{ to: { $inQuery: query } }] },
      ])
        await assertForbidden({ where: asked }, H);
    }
  });

  test('as the key that is compared', { skip: oursOnly }, async () => {
    const H = await makeClass(api, 'KeyHolder', { word: { type: 'String' } });
    createdId(await api.create(H, { word: kWord }));
    for (const key of ['secret', 'secretObj.apiKey', 'secretList']) {
      const query = { className: C, where: {} };
      for (const as of kOutsiders) {
        const selected = await api.find(H, { where: { word: { $select: { query, key } } } }, as);
        assertNoServerError(selected);
        assert.deepEqual(selected.json.results ?? [], []);
        const others = await api.find(H, { where: { word: { $dontSelect: { query, key } } } }, as);
        assertNoServerError(others);
        assert.notEqual(others.json.results?.length, 0, 'the object with the word is left out, which tells the word');
      }
    }
  });
});

describe('as relations (GHSA-wmwx-jr2p-4j4r, GHSA-rmhf-xv62-rm99)', () => {
  const kEntities = {
    everybody: ['*', [{}, mallory.as]],
    'those who are signed in': ['authenticated', [mallory.as]],
    'a role': [staff.entity, [mallory.as]],
    'a user': [mallory.id, [mallory.as]],
    'the one that a field points to': ['userField:owner', [mallory.as]],
  };
  for (const [title, [entity, callers]] of Object.entries(kEntities)) {
    test(`protected from ${title}: the members are neither found nor counted`, { skip: entity !== '*' && oursOnly }, async () => {
      const M = await makeClass(api, `Member${title.replace(/\W/g, '')}`, { name: { type: 'String' } });
      const member = createdId(await api.create(M, { name: 'm' }));
      const fields = { members: { type: 'Relation', targetClass: M }, owner: kFields.owner };
      const G = await makeClass(api, `Group${title.replace(/\W/g, '')}`, fields, kPermissions({ [entity]: ['members'] }));
      const members = { __op: 'AddRelation', objects: [pointer(M, member)] };
      const group = createdId(await api.create(G, { members, owner: userPointer(mallory) }, master));
      const related = { $relatedTo: { object: pointer(G, group), key: 'members' } };
      for (const where of [related, { ...related, objectId: member }, { $or: [related] }, { $and: [related, { objectId: member }] }]) {
        for (const as of callers) {
          for (const more of [{}, { count: 1, limit: 0 }, { count: 1 }]) {
            const response = await api.find(M, { where, ...more }, as);
            assertNoServerError(response);
            assert.deepEqual(response.json.results ?? [], [], `${JSON.stringify(where)} ${response.text}`);
            assert.equal(response.json.count ?? 0, 0, response.text);
          }
        }
      }
      assert.equal(assertOk(await api.find(M, { where: related }, master)).results.length, 1);
      if (entity !== 'userField:owner') {
        for (const as of callers) assertError(await api.find(G, { where: { members: pointer(M, member) } }, as), 400, 119);
      }
    });
  }
});
