// Protected fields of a class and of the options, for callers without a user.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertError, assertOk, createdId } from '../support/assert.mjs';
import { oursOnly, ownServerOnly, startOwnServer, startServer, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
const master = { master: true };
const pointer = (className, objectId) => ({ __type: 'Pointer', className, objectId });
const kAll = Object.fromEntries(['find', 'get', 'count', 'create', 'update', 'delete', 'addField'].map((name) => [name, { '*': true }]));
const kFields = {
  open: { type: 'String' },
  secret: { type: 'String' },
  amount: { type: 'Number' },
  inner: { type: 'Object' },
  owner: { type: 'Pointer', targetClass: '_User' },
};
const kObject = { open: 'o', secret: 's', amount: 5, inner: { key: 'k' } };
const kProtected = ['secret', 'amount', 'inner'];
const kSeenByAll = ['createdAt', 'objectId', 'open', 'updatedAt'];
const names = (object) => Object.keys(object).sort();

async function makeClass(name, protectedFields, fields = kFields) {
  const C = uniqueName(name);
  const classLevelPermissions = { ...kAll, ...(protectedFields ? { protectedFields } : {}) };
  assertOk(await api.schema('POST', C, { className: C, fields, classLevelPermissions }));
  return C;
}

let C;
let id;
let H;
let holder;
before(async () => {
  C = await makeClass('Kept', { '*': kProtected });
  id = createdId(await api.create(C, kObject));
  const fields = { to: { type: 'Pointer', targetClass: C }, list: { type: 'Array' }, word: { type: 'String' } };
  H = await makeClass('Holder', undefined, { ...fields, many: { type: 'Relation', targetClass: C } });
  holder = createdId(await api.create(H, { to: pointer(C, id), list: [pointer(C, id)], word: 's' }));
});

describe('entities', () => {
  const kRules = [
    [{ '*': ['secret'] }, ['secret']],
    [{ '*': [] }, []],
    [{ authenticated: ['secret'] }, []],
    [{ 'role:R': ['secret'] }, []],
    [{ aaaaaaaaaa: ['secret'] }, []],
    [{ 'userField:owner': ['secret'] }, []],
    [{ '*': ['secret', 'open'], authenticated: [], 'role:R': [], 'userField:owner': [] }, ['open', 'secret']],
  ];
  for (const [index, [rules, hidden]] of kRules.entries()) {
    test(`${JSON.stringify(rules)} hides ${hidden.join(' and ') || 'nothing'}`, async () => {
      const D = await makeClass(`Entity${index}`, rules);
      const made = createdId(await api.create(D, kObject));
      const seen = assertOk(await api.get(D, made));
      assert.deepEqual(
        Object.keys(kObject).filter((name) => !(name in seen)),
        hidden.sort().filter((name) => name in kObject),
      );
      assert.deepEqual(names(assertOk(await api.get(D, made, {}, master))), [...names(kObject), ...kSeenByAll.filter((n) => n !== 'open')].sort());
    });
  }
});

describe('are not shown', () => {
  const assertHidden = (object) => assert.deepEqual(names(object), kSeenByAll);
  test('by a get, whatever its keys', async () => {
    assertHidden(assertOk(await api.get(C, id)));
    assertHidden(assertOk(await api.get(C, id, { keys: 'open,secret,inner.key' })));
    assertHidden(assertOk(await api.get(C, id, { excludeKeys: 'nothing' })));
  });
  test('by a find', async () => {
    for (const query of [{}, { keys: 'open,secret' }, { where: { open: 'o' }, order: 'open' }]) {
      assertHidden(assertOk(await api.find(C, query)).results[0]);
    }
  });
  test('where they are included', async () => {
    for (const query of [{ include: 'to,list' }, { include: 'to,list', keys: 'to.secret,to.open,list' }]) {
      const { to, list } = assertOk(await api.get(H, holder, query));
      for (const included of [to, list[0]]) assert.deepEqual(names(included), ['__type', 'className', ...kSeenByAll].sort());
    }
    assert.equal(assertOk(await api.get(H, holder, { include: 'to' }, master)).to.secret, 's');
  });
  test('a pointer that is hidden is not followed', async () => {
    const D = await makeClass('HiddenPointer', { '*': ['to'] }, { to: { type: 'Pointer', targetClass: C } });
    const made = createdId(await api.create(D, { to: pointer(C, id) }));
    assert.equal(assertOk(await api.get(D, made, { include: 'to' })).to, undefined);
    assert.equal(assertOk(await api.get(D, made, { include: 'to' }, master)).to.secret, 's');
  });
});

describe('are not asked for', () => {
  const queries = [
    { where: { secret: 's' } },
    { where: { secret: { $exists: false } } },
    { where: { 'inner.key': 'k' } },
    { where: { $or: [{ open: 'o' }, { secret: 'x' }] } },
    { where: { $and: [{ $nor: [{ secret: 'x' }] }] } },
    { where: { open: 'o', amount: { $gt: 1 } }, count: 1, limit: 0 },
    { order: 'secret' },
    { order: 'open,-inner.key' },
  ];
  for (const query of queries) {
    test(JSON.stringify(query), async () => {
      assertError(await api.find(C, query), 400, 119, 'Permission denied');
      assertOk(await api.find(C, query, master));
    });
  }
  test('by sum', { skip: oursOnly }, async () => {
    assertError(await api.find(C, { sum: 'amount' }), 400, 119, 'Permission denied');
    assert.deepEqual(assertOk(await api.find(C, { sum: 'amount' }, master)).sum, { amount: 5 });
  });
  test('by the search for words', { skip: oursOnly }, async () => {
    const where = { secret: { $text: { $search: { $term: 's' } } } };
    assertError(await api.find(C, { where, order: '$score', keys: '$score' }), 400, 119, 'Permission denied');
  });
  test('within a sub-query', async () => {
    const query = { className: C, where: { secret: 's' } };
    for (const where of [{ to: { $inQuery: query } }, { to: { $notInQuery: query } }, { word: { $select: { query, key: 'open' } } }]) {
      assertError(await api.find(H, { where }), 400, 119, 'Permission denied');
      assertOk(await api.find(H, { where }, master));
    }
  });
  test('as what a sub-query selects', { skip: oursOnly }, async () => {
    const query = { className: C, where: {} };
    const found = async (operator, as) =>
      assertOk(await api.find(H, { where: { word: { [operator]: { query, key: 'secret' } } } }, as)).results.length;
    assert.deepEqual([await found('$select'), await found('$dontSelect')], [0, 1]);
    assert.deepEqual([await found('$select', master), await found('$dontSelect', master)], [1, 0]);
  });
  test('as a relation that leads to others', async () => {
    const fields = { many: { type: 'Relation', targetClass: C } };
    const D = await makeClass('HiddenRelation', { '*': ['many'] }, fields);
    const made = createdId(await api.create(D, { many: { __op: 'AddRelation', objects: [pointer(C, id)] } }));
    const where = { $relatedTo: { object: pointer(D, made), key: 'many' } };
    assertError(await api.find(C, { where }), 400, 119, 'Permission denied');
    assert.equal(assertOk(await api.find(C, { where }, master)).results.length, 1);
  });
});

describe('of the options', { skip: ownServerOnly }, () => {
  const protectedFields = (classes) => ['--protectedFields', JSON.stringify(classes)];
  const kDetailed = ['--enableSanitizedErrorResponse', 'false'];

  test('add to those of the class, and hold for a class without any', async () => {
    const own = await startOwnServer({ args: [...protectedFields({ Plain: { '*': ['secret'] } }), ...kDetailed] });
    try {
      const made = createdId(await own.api.create('Plain', { open: 'o', secret: 's' }));
      assert.deepEqual(names(assertOk(await own.api.get('Plain', made))), kSeenByAll);
      const asked = await own.api.find('Plain', { where: { secret: 's' } });
      assertError(asked, 400, 119, 'This user is not allowed to query secret on class Plain');
      const sorted = await own.api.find('Plain', { order: 'secret.a' });
      assertError(sorted, 400, 119, 'This user is not allowed to sort by secret.a on class Plain');
    } finally {
      await own.stop();
    }
  });

  test('protectedFieldsSaveResponseExempt: the answer to a save shows them unless it is false', async () => {
    for (const exempt of ['true', 'false']) {
      const args = [...protectedFields({ Counted: { '*': ['n'] } }), '--protectedFieldsSaveResponseExempt', exempt];
      const own = await startOwnServer({ args });
      try {
        const made = createdId(await own.api.create('Counted', { n: 1 }));
        const increment = { n: { __op: 'Increment', amount: 1 } };
        assert.equal(assertOk(await own.api.update('Counted', made, increment)).n, exempt === 'true' ? 2 : undefined);
        assert.equal(assertOk(await own.api.update('Counted', made, increment, master)).n, 3);
      } finally {
        await own.stop();
      }
    }
  });
});
