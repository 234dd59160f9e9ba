// Class and field names that a SQL engine could stumble over: other case, key words, names of its own columns.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { assertError, assertOk, createdId, ownFields } from '../support/assert.mjs';
import { isParseServer, startServer, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;

describe('names that differ only in case', () => {
  test('fields', async () => {
    const C = uniqueName('CaseField');
    const row = { name: 1, Name: 'text', NAME: true, nAme: [1] };
    const id = createdId(await api.create(C, row));
    assert.deepEqual(ownFields(assertOk(await api.get(C, id))), row);
    assertOk(await api.update(C, id, { Name: 'other' }));
    assert.deepEqual(ownFields(assertOk(await api.get(C, id))), { ...row, Name: 'other' });
    for (const [field, value] of Object.entries({ name: 1, Name: 'other', NAME: true })) {
      assert.equal(assertOk(await api.find(C, { where: { [field]: value } })).results.length, 1, field);
      assert.deepEqual(ownFields(assertOk(await api.get(C, id, { keys: field }))), { [field]: value });
    }
    assertError(await api.create(C, { Name: 5 }), 400, 111);
    assert.equal(assertOk(await api.find(C, { order: 'Name,-name' })).results.length, 1);
  });

  test('fields that differ from standard ones in case', async () => {
    const C = uniqueName('CaseStandard');
    const row = { objectid: 'a', CreatedAt: 1, acl: true, Updatedat: 'x' };
    const id = createdId(await api.create(C, row));
    assert.deepEqual(ownFields(assertOk(await api.get(C, id))), row);
    assert.equal(assertOk(await api.find(C, { where: { objectid: 'a' } })).results[0].objectId, id);
  });

  test('classes', async () => {
    const names = ['CaseClass', 'caseClass', 'CASECLASS'].map(uniqueName);
    const ids = [];
    for (const [n, name] of names.entries()) ids.push(createdId(await api.create(name, { n, text: name })));
    for (const [n, name] of names.entries()) {
      assert.deepEqual(assertOk(await api.find(name)).results.map(ownFields), [{ n, text: name }]);
      assert.equal(assertOk(await api.schema('GET', name)).className, name);
      assertError(await api.get(names[(n + 1) % 3], ids[n]), 404, 101);
    }
    assertOk(await api.remove(names[0], ids[0]));
    assertOk(await api.schema('DELETE', names[0]));
    assert.equal(assertOk(await api.find(names[1])).results.length, 1);
  });

  test('relations', async () => {
    const C = uniqueName('CaseRelation');
    const [a, b] = [createdId(await api.create(C, { n: 1 })), createdId(await api.create(C, { n: 2 }))];
    const add = (objectId) => ({ __op: 'AddRelation', objects: [{ __type: 'Pointer', className: C, objectId }] });
    const owner = createdId(await api.create(C, { rel: add(a), Rel: add(b) }));
    for (const [key, expected] of [
      ['rel', 1],
      ['Rel', 2],
    ]) {
      const where = { $relatedTo: { object: { __type: 'Pointer', className: C, objectId: owner }, key } };
      assert.deepEqual(
        assertOk(await api.find(C, { where })).results.map((row) => row.n),
        [expected],
      );
    }
  });

  test('deleting one leaves the other', async () => {
    const C = uniqueName('CaseDelete');
    const id = createdId(await api.create(C, { field: 1, Field: 'text' }));
    assertOk(await api.schema('PUT', C, { fields: { field: { __op: 'Delete' } } }));
    assert.deepEqual(ownFields(assertOk(await api.get(C, id))), { Field: 'text' });
  });
});

// Words of SQL, names that SQLite gives its own row id, and names near to what a store may use itself.
const kWords = [
  'rowid',
  'oid',
  'order',
  'group',
  'select',
  'index',
  'from',
  'where',
  'table',
  'values',
  'default',
  'primary',
  'key',
  'limit',
  'offset',
  'user',
  'type',
  'count',
  'json',
  'data',
  'id0',
  'seq',
  'owningId',
  'relatedId',
  'constraint',
  'check',
  'null',
  'true',
  'as',
  'in',
  'is',
  'not',
  'x',
  'sqlite_x',
  'rank',
  'match',
];

describe('words of SQL', () => {
  test('as fields, all in one class', async () => {
    const C = uniqueName('Words');
    const words = kWords.filter((word) => !(isParseServer && word === 'null'));
    const row = Object.fromEntries(words.map((word, n) => [word, n]));
    const id = createdId(await api.create(C, row));
    assert.deepEqual(ownFields(assertOk(await api.get(C, id))), row);
    for (const [n, word] of words.entries()) {
      assert.equal(assertOk(await api.find(C, { where: { [word]: n }, order: `-${word}` })).results.length, 1, word);
      const changed = assertOk(await api.update(C, id, { [word]: { __op: 'Increment', amount: 1000 } }));
      assert.equal(changed[word], n + 1000, word);
    }
    const { fields } = assertOk(await api.schema('GET', C));
    for (const word of words) assert.deepEqual(fields[word], { type: 'Number' }, word);
  });

  test('as classes', async () => {
    for (const word of ['order', 'Group', 'select', 'table', 'rowid', 'sqlite_master', 'sqlite_x', 'Order', 'index', 'trigger', 'view']) {
      const made = createdId(await api.create(word, { marker: uniqueName(word) }));
      const { results } = assertOk(await api.find(word, { where: { marker: uniqueName(word) } }));
      assert.deepEqual(
        results.map((row) => row.objectId),
        [made],
        word,
      );
    }
  });

  test('as relations', async () => {
    const C = uniqueName('WordRelation');
    const target = createdId(await api.create(C, { n: 1 }));
    const objects = [{ __type: 'Pointer', className: C, objectId: target }];
    for (const key of ['order', 'group', 'owningId', 'rowid']) {
      const owner = createdId(await api.create(C, { [key]: { __op: 'AddRelation', objects } }));
      const where = { $relatedTo: { object: { __type: 'Pointer', className: C, objectId: owner }, key } };
      assert.deepEqual(
        assertOk(await api.find(C, { where })).results.map((row) => row.n),
        [1],
        key,
      );
    }
  });
});

test('names that begin with _ are refused, so that none meets a column of the store', async () => {
  const C = uniqueName('Underscore');
  for (const name of ['_seq', '_rperm', '_wperm', '_SEQ', '_created_at', '_id', '_', '__type2', '_p_x']) {
    assertError(await api.create(C, { [name]: 1 }), 400, 105, `Invalid field name: ${name}.`);
  }
  for (const name of ['_SCHEMA', '_Nothing', '_', 'sqlite.x', 'a"b', "a'b", 'a;b', 'a b', 'ü']) {
    const response = await api.create(encodeURIComponent(name), { a: 1 });
    if (isParseServer && response.status === 500) continue;
    assert.ok(response.status === 400 || response.status === 404, `${name}: ${response.status} ${response.text}`);
  }
});

test('words of SQL as values, in where and in order stay words', async () => {
  const C = uniqueName('Injection');
  const evil = `'; DROP TABLE "${C}"; --`;
  const id = createdId(await api.create(C, { text: evil }));
  createdId(await api.create(C, { text: 'other' }));
  assert.deepEqual(
    assertOk(await api.find(C, { where: { text: evil } })).results.map((row) => row.objectId),
    [id],
  );
  assert.equal(assertOk(await api.find(C, { where: { text: { $in: [evil, '" OR 1=1'] } } })).results.length, 1);
  assert.equal(assertOk(await api.find(C, { where: { text: { $regex: "^\\Q';\\E" } } })).results.length, 1);
  for (const order of [`text"; DROP TABLE x; --`, "text'", 'text,(select 1)', 'text desc'])
    assertError(await api.find(C, { order }), 400, 105);
  assertError(await api.find(C, { where: { 'text" = 1 --': 1 } }), 400, 105);
  const dotted = await api.find(C, { where: { [`text.a' OR '1'='1`]: 1 } });
  assertError(dotted, 400, 105);
  assert.equal(assertOk(await api.find(C)).results.length, 2);
});

test('long names', async () => {
  const C = uniqueName('L'.repeat(40));
  const field = 'f'.repeat(60);
  const id = createdId(await api.create(C, { [field]: 1 }));
  assert.deepEqual(ownFields(assertOk(await api.get(C, id))), { [field]: 1 });
});
