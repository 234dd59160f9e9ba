// Index definitions over /schemas and in files, and what a unique one refuses.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { assertError, assertOk, createdId } from '../support/assert.mjs';
import { folderOf, rowsOf } from '../support/files.mjs';
import { externalUrl, oursOnly, runParsimony, startOwnServer, startServer, temporaryFolder, uniqueName } from '../support/server.mjs';

const server = await startServer();
after(() => server.stop());
const { api } = server;
const { schema } = api;

const kFields = { a: { type: 'String' }, b: { type: 'Number' }, place: { type: 'GeoPoint' }, rel: { type: 'Relation', targetClass: '_User' } };
const kId = { _id_: { _id: 1 } };
const kDuplicate = 'A duplicate value for a field with unique values was provided';

async function makeClass(name, indexes) {
  const C = uniqueName(name);
  assertOk(await schema('POST', C, { fields: kFields, ...(indexes ? { indexes } : {}) }));
  return C;
}
const indexesOf = async (C) => assertOk(await schema('GET', C)).indexes;

describe('definitions', () => {
  test('none are shown where none were made', async () => {
    const C = await makeClass('NoIndexes');
    assert.equal(await indexesOf(C), undefined);
    assert.equal(assertOk(await schema('PUT', C, { indexes: {} })).indexes, undefined);
  });

  test('a new class answers its own, and from then on the one on the id, too', async () => {
    const C = uniqueName('Indexed');
    const made = assertOk(await schema('POST', C, { fields: kFields, indexes: { x: { a: 1 } } }));
    assert.deepEqual(made.indexes, { x: { a: 1 } });
    assert.deepEqual(await indexesOf(C), { ...kId, x: { a: 1 } });
  });

  test('are added, kept and deleted', async () => {
    const C = await makeClass('Grown', { x: { a: 1 } });
    const both = { ...kId, x: { a: 1 }, y: { a: 1, b: -1 } };
    assert.deepEqual(assertOk(await schema('PUT', C, { indexes: { y: { a: 1, b: -1 } } })).indexes, both);
    assert.deepEqual(assertOk(await schema('PUT', C, { fields: { more: { type: 'Date' } } })).indexes, both);
    assert.deepEqual(assertOk(await schema('PUT', C, { indexes: { x: { __op: 'Delete' } } })).indexes, { ...kId, y: { a: 1, b: -1 } });
    assert.deepEqual(assertOk(await schema('PUT', C, { indexes: { y: { __op: 'Delete' } } })).indexes, kId);
  });

  test('on a field of the same call, on standard fields and geo points', async () => {
    const C = await makeClass('Fresh');
    const indexes = { d: { when: -1 }, s: { objectId: 1, createdAt: 1 }, g: { place: '2dsphere' } };
    const changed = assertOk(await schema('PUT', C, { fields: { when: { type: 'Date' } }, indexes }));
    assert.deepEqual(changed.indexes, { ...kId, ...indexes });
  });

  test('of words come and go with rows in the class', { skip: oursOnly }, async () => {
    const C = await makeClass('Worded', { w: { a: 'text' } });
    const id = createdId(await api.create(C, { a: 'some words' }));
    assert.deepEqual(await indexesOf(C), { ...kId, w: { a: 'text' } });
    assertOk(await schema('PUT', C, { indexes: { w: { __op: 'Delete' }, both: { a: 'text', b: 1 } } }));
    assertOk(await api.update(C, id, { a: 'other words' }));
    assertOk(await schema('PUT', C, { indexes: { again: { a: 'text' } } }));
    assertOk(await schema('PUT', C, { fields: { a: { __op: 'Delete' } } }));
    assertOk(await schema('PUT', C, { fields: { a: { type: 'String' } }, indexes: { w: { a: 'text' } } }));
    assertOk(await api.remove(C, id));
    assertOk(await schema('DELETE', C));
    assertOk(await schema('POST', C, { fields: kFields, indexes: { w: { a: 'text' } } }));
    createdId(await api.create(C, { a: 'new words' }));
  });

  test('names that differ only in case, and odd ones', async () => {
    const indexes = { name: { a: 1 }, Name: { b: 1 }, '^name': { a: -1 }, 'the "best" one; --': { b: -1 }, $a: { a: 1, b: 1 } };
    const C = await makeClass('OddNames', indexes);
    assert.deepEqual(await indexesOf(C), { ...kId, ...indexes });
    assertOk(await schema('PUT', C, { indexes: { Name: { __op: 'Delete' }, 'the "best" one; --': { __op: 'Delete' } } }));
    assert.deepEqual(Object.keys(await indexesOf(C)).sort(), ['$a', '^name', '_id_', 'name']);
  });

  test('queries answer the same with them', async () => {
    const C = await makeClass('Queried', { x: { b: 1 }, y: { a: -1, b: 1 } });
    for (let b = 0; b < 20; ++b) createdId(await api.create(C, { a: `t${b % 3}`, b }));
    const found = assertOk(await api.find(C, { where: { b: { $gte: 15 } }, order: '-b' })).results;
    assert.deepEqual(
      found.map((row) => row.b),
      [19, 18, 17, 16, 15],
    );
    assert.equal(assertOk(await api.find(C, { where: { a: 't1' }, count: 1, limit: 0 })).count, 7);
  });

  test('go with a deleted field', { skip: oursOnly }, async () => {
    const C = await makeClass('Shrunk', { x: { a: 1 }, y: { a: 1, b: 1 }, z: { b: 1 } });
    assert.deepEqual(assertOk(await schema('PUT', C, { fields: { a: { __op: 'Delete' } } })).indexes, { ...kId, z: { b: 1 } });
  });

  const refused = [
    ['one that is there', { x: { a: 1 } }, 'Index x exists, cannot update.'],
    ['a field that is not there', { n: { nope: 1 } }, 'Field nope does not exist, cannot add index.'],
    ['deleting what is not there', { n: { __op: 'Delete' } }, 'Index n does not exist, cannot delete.'],
  ];
  const refusedByUs = [
    ['no fields', { n: {} }, 'Index n has no fields.'],
    ['no object', { n: 5 }, 'Index n must be an object of fields.'],
    ['an unknown direction', { n: { a: 2 } }, /^Index n has no known direction for a;/],
    ['a relation', { n: { rel: 1 } }, /^Index n cannot hold the field rel,/],
    ['the ACL', { n: { ACL: 1 } }, /^Index n cannot hold the field ACL,/],
    ['deleting the one on the id', { _id_: { __op: 'Delete' } }, 'Index _id_ cannot be deleted.'],
    ['unique words', { n: { place: '2dsphere', unique: true } }, /^Index n cannot be unique/],
    ['a name with control characters', { 'a\u0000b': { a: 1 } }, /^Invalid index name/],
    ['too many', Object.fromEntries(Array.from({ length: 70 }, (_, i) => [`i${i}`, { a: 1 }])), /more than 64 indexes/],
  ];
  for (const [group, options] of [
    [refused, {}],
    [refusedByUs, { skip: oursOnly }],
  ]) {
    for (const [title, indexes, message] of group) {
      test(`refused: ${title}`, options, async () => {
        const C = await makeClass('RefusedIndex' + title.replace(/\W/g, ''), { x: { a: 1 } });
        assertError(await schema('PUT', C, { indexes: { fine: { b: 1 }, ...indexes } }), 400, 102, message);
        assert.deepEqual(await indexesOf(C), { ...kId, x: { a: 1 } });
      });
    }
  }

  test('refused on create: nothing is made', async () => {
    const C = uniqueName('NeverMade');
    assertError(await schema('POST', C, { fields: kFields, indexes: { n: { nope: 1 } } }), 400, 102, 'Field nope does not exist, cannot add index.');
    assertError(await schema('GET', C), 400, 103);
  });
});

describe('unique', { skip: oursOnly }, () => {
  test('one field: create and update', async () => {
    const C = await makeClass('OneUnique', { u: { a: 1, unique: true } });
    assert.deepEqual(await indexesOf(C), { ...kId, u: { a: 1, unique: true } });
    createdId(await api.create(C, { a: 'x' }));
    const second = createdId(await api.create(C, { a: 'y' }));
    assertError(await api.create(C, { a: 'x' }), 400, 137, kDuplicate);
    assertError(await api.update(C, second, { a: 'x' }), 400, 137, kDuplicate);
    assertOk(await api.update(C, second, { a: 'y', b: 1 }));
    assert.equal(assertOk(await api.find(C, { count: 1, limit: 0 })).count, 2);
  });

  test('unset values do not clash', async () => {
    const C = await makeClass('UnsetUnique', { u: { a: 1, b: 1, unique: true } });
    for (const object of [{}, {}, { a: 'x' }, { a: 'x' }, { b: 1 }, { b: 1 }]) createdId(await api.create(C, object));
    const id = createdId(await api.create(C, { a: 'x', b: 1 }));
    assertError(await api.create(C, { a: 'x', b: 1 }), 400, 137, kDuplicate);
    createdId(await api.create(C, { a: 'x', b: 2 }));
    assertOk(await api.update(C, id, { b: { __op: 'Delete' } }));
    createdId(await api.create(C, { a: 'x', b: 1 }));
  });

  test('concurrent creates of one value: one wins', async () => {
    const C = await makeClass('RacedUnique', { u: { a: 1, unique: true } });
    const answers = await Promise.all(Array.from({ length: 16 }, () => api.create(C, { a: 'same' })));
    assert.equal(answers.filter((answer) => answer.status === 201).length, 1);
    for (const answer of answers.filter((each) => each.status !== 201)) assertError(answer, 400, 137, kDuplicate);
  });

  test('in a batch each item is answered alone; in a transaction nothing stays', async () => {
    const C = await makeClass('BatchUnique', { u: { a: 1, unique: true } });
    const requests = ['x', 'x', 'y'].map((a) => ({ method: 'POST', path: `${new URL(api.url).pathname.replace(/\/$/, '')}/classes/${C}`, body: { a } }));
    const whole = await api.request('POST', '/batch', { requests, transaction: true });
    assertError(whole, 400, 137, kDuplicate);
    assert.deepEqual(assertOk(await api.find(C)).results, []);
    const each = assertOk(await api.request('POST', '/batch', { requests }));
    assert.deepEqual(
      each.map((item) => item.error?.code ?? 'ok'),
      ['ok', 137, 'ok'],
    );
  });

  test('is refused over objects that clash already', async () => {
    const C = await makeClass('LateUnique');
    const ids = [createdId(await api.create(C, { a: 'x' })), createdId(await api.create(C, { a: 'x' }))];
    assertError(await schema('PUT', C, { indexes: { u: { a: 1, unique: true } } }), 400, 137, /have equal values already, so a unique index cannot be made/);
    assert.equal(await indexesOf(C), undefined);
    assertOk(await api.remove(C, ids[1]));
    assertOk(await schema('PUT', C, { indexes: { u: { a: 1, unique: true } } }));
    assertError(await api.create(C, { a: 'x' }), 400, 137, kDuplicate);
  });

  test('lets values go again when it is deleted', async () => {
    const C = await makeClass('FreedUnique', { u: { a: 1, unique: true } });
    createdId(await api.create(C, { a: 'x' }));
    assertOk(await schema('PUT', C, { indexes: { u: { __op: 'Delete' } } }));
    createdId(await api.create(C, { a: 'x' }));
  });

  test('a field named "unique" is a field', async () => {
    const C = uniqueName('FieldUnique');
    assertOk(await schema('POST', C, { fields: { unique: { type: 'String' } }, indexes: { u: { unique: 1 } } }));
    createdId(await api.create(C, { unique: 'x' }));
    createdId(await api.create(C, { unique: 'x' }));
  });
});

describe('files', { skip: externalUrl !== undefined && 'needs a server of its own' }, () => {
  const kDefinition = { className: 'Item', fields: { sku: { type: 'String' }, price: { type: 'Number' } } };
  const kIndexes = { sku: { sku: 1, unique: true }, price: { price: -1 } };
  const data = () => path.join(temporaryFolder(), 'data');

  test('definitions carry them, and change them at the next start', async () => {
    const dataDir = data();
    for (const indexes of [kIndexes, { price: { price: 1 } }]) {
      const own = await startOwnServer({ dataDir, schema: folderOf({ 'item.json': [{ ...kDefinition, indexes }] }) });
      try {
        assert.deepEqual(assertOk(await own.api.schema('GET', 'Item')).indexes, { ...kId, ...indexes });
      } finally {
        await own.stop();
      }
    }
  });

  test('export and import carry them; an import that clashes says where and changes nothing', async () => {
    const files = folderOf({
      '_SCHEMA.json': [{ ...kDefinition, indexes: kIndexes }],
      'Item.json': [
        { objectId: 'one', sku: 'a' },
        { objectId: 'two', sku: 'b' },
      ],
    });
    const at = data();
    assert.equal((await runParsimony(['import', files, '--data', at])).code, 0);
    const exported = path.join(temporaryFolder(), 'export');
    assert.equal((await runParsimony(['export', exported, '--data', at])).code, 0);
    const definitions = rowsOf(exported, '_SCHEMA.json');
    assert.deepEqual(definitions.find((each) => each.className === 'Item').indexes, { ...kId, ...kIndexes });

    const clash = await runParsimony(['import', folderOf({ 'Item.json': [{ objectId: 'three', sku: 'a' }] }), '--data', at]);
    assert.notEqual(clash.code, 0);
    assert.match(clash.stderr, /Item\.json:1:\d+: the object "three" has values that must be unique/);
    const update = await runParsimony(['import', folderOf({ 'Item.json': [{ objectId: 'two', sku: 'a' }] }), '--data', at]);
    assert.match(update.stderr, /the object "two" has values that must be unique/);
  });
});
